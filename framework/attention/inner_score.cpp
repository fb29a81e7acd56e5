#include "framework/attention/inner_score.h"

#include <fmt/format.h>

namespace regard::attention {
namespace {

constexpr const char* kOption = "score";

const Variant& inner(const config::Options& options) { return variants().at(options.text(kOption)); }

}  // namespace

config::OptionRow inner_score_option(std::string meaning) {
  return config::choice_option(kOption, "general", {{"dot"}, {"general"}, {"concat"}}, std::move(meaning));
}

std::string refuses_inner_score(Sizes sizes, const config::Options& options) {
  const Variant& variant = inner(options);
  const std::string why = variant.refusal(sizes, config::defaults(variant.options));
  return why.empty() ? why : fmt::format("with {} '{}' {}", kOption, variant.name, why);
}

ScorePtr make_inner_score(Sizes sizes, const config::Options& options, nn::Params& params) {
  const Variant& variant = inner(options);
  return variant.make(sizes, config::defaults(variant.options), params);
}

}  // namespace regard::attention
