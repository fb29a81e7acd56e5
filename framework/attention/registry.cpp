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

// Returns "" or why the registration is invalid. Names are used in plans, in file paths and in tables.
std::string why_unusable(const Variant& variant) {
  const std::string& name = variant.name;
  if (!is_name(name)) {
    return "its name must be small letters, digits and '_', first a letter, as in my_score";
  }
  if (name == "none") return "that name is the vanilla decoder's; give it another";
  if ((variant.make != nullptr) == (variant.make_attention != nullptr)) {
    return "it must have exactly one of `.make` (a score) and `.make_attention` (all of attend())";
  }
  for (const OwnLoss& loss : variant.losses) {
    if (!is_name(loss.name)) {
      return fmt::format(
          "the name \"{}\" of its loss must be small letters, digits and '_', first a letter, as in my_loss",
          loss.name);
    }
    if (loss.name == "guided_alignment" || loss.name.starts_with("attention_")) {
      return fmt::format("the loss '{}' has a name that regard keeps for its own losses; give it another",
                         loss.name);
    }
    const auto taken = std::count_if(variant.options.begin(), variant.options.end(),
                                     [&](const config::OptionRow& row) { return row.name == loss.name; }) +
                       std::count_if(variant.losses.begin(), variant.losses.end(),
                                     [&](const OwnLoss& other) { return other.name == loss.name; });
    if (taken > 1) {
      return fmt::format("the loss '{}' makes an option of this name, and there is another; rename one",
                         loss.name);
    }
  }
  return {};
}

}  // namespace

bool is_name(std::string_view name) {
  const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  return letters && !name.empty() && name.front() >= 'a';
}

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
  for (const OwnLoss& loss : variant.losses) {
    variant.options.push_back(config::number_option(
        loss.name, loss.weight, config::at_least(0), "",
        fmt::format("weight of the loss '{}': {}. 0: it is only recorded", loss.name, loss.meaning)));
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
