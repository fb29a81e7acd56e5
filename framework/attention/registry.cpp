#include "framework/attention/registry.h"

#include <fmt/format.h>

#include <algorithm>

namespace regard::attention {
namespace {

Registry<Variant>& registry() {
  static Registry<Variant> registry;
  return registry;
}

// Invalid registrations, thrown at the first use: a throw before main() reaches no catch.
std::vector<std::string>& unusable() {
  static std::vector<std::string> sentences;
  return sentences;
}

// Returns "" or why the name is invalid. Names are used in plans, in file paths and in tables.
std::string why_unusable(const Variant& variant) {
  const std::string& name = variant.name;
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (name.empty() || !letters || name.front() < 'a') {
    return "its name must be small letters, digits and '_', first a letter, as in my_score";
  }
  if (name == "none") return "that name is the vanilla decoder's; give it another";
  if ((variant.make != nullptr) == (variant.make_attention != nullptr)) {
    return "it must have exactly one of `.make` (a score) and `.make_attention` (all of attend())";
  }
  return {};
}

}  // namespace

Registry<Variant>& variants() {
  if (!unusable().empty()) throw PluginError(unusable().front());
  return registry();
}

bool register_variant(Variant variant, const char* file, int line) {
  if (const std::string why = why_unusable(variant); !why.empty()) {
    unusable().push_back(
        fmt::format("attention '{}' of {}:{} cannot be registered: {}", variant.name, file, line, why));
    return false;
  }
  return registry().add(std::move(variant), file, line);
}

std::string refuses_unequal(Sizes sizes, const config::Options&) {
  if (sizes.query == sizes.key) return {};
  return fmt::format("needs decoder size {} equal to encoder output {}; 'general' bridges them", sizes.query,
                     sizes.key);
}

AttentionPtr make_attention(const Variant& variant, Sizes sizes, const config::Options& options,
                            nn::Params params) {
  if (const std::string why = variant.refusal(sizes, options); !why.empty()) {
    throw ConfigError(fmt::format("attention '{}' {}", variant.name, why));
  }
  return variant.make_attention ? variant.make_attention(sizes, options, params)
                                : from_score(variant.make(sizes, options, params));
}

}  // namespace regard::attention
