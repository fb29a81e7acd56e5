#include "framework/attention/registry.h"

#include <fmt/format.h>

namespace regard::attention {

Registry<Variant>& variants() {
  static Registry<Variant> registry;
  return registry;
}

bool register_variant(Variant variant, const char* file, int line) {
  return variants().add(std::move(variant), file, line);
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
  return variant.make_wide ? variant.make_wide(sizes, options, params)
                           : from_score(variant.make(sizes, options, params));
}

}  // namespace regard::attention
