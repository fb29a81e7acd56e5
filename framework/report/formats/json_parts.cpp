#include "framework/report/formats/json_parts.inl"

#include <cmath>

namespace regard::report {

Json number_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json spread_json(const Spread& spread) {
  return {
      {"mean", number_json(spread.mean)}, {"standard_deviation", number_json(spread.deviation)}, {"n", spread.n}};
}

Json spreads_json(const std::map<std::string, Spread>& spreads) {
  Json object = Json::object();
  for (const auto& [key, value] : spreads) object[key] = spread_json(value);
  return object;
}

Json comparison_json(const Comparison& comparison, const std::string& tokenizer) {
  Json out{{"system", comparison.system},
           {"baseline", comparison.baseline},
           {"test", comparison.test},
           {"tokenizer", tokenizer},
           {"seeds", comparison.seeds},
           {"sentences", comparison.sentences},
           {"difference", spread_json(comparison.difference)},
           {"pair_p_values", comparison.pair_p_values},
           {"verdict", comparison.verdict}};
  if (comparison.seeds.empty()) return out;
  const evaluation::Comparison& c = comparison.numbers;
  out["these_models"] = {
      {"low", number_json(c.models.low)}, {"high", number_json(c.models.high)}, {"p_value", c.models.p_value}};
  if (!c.method) return out;
  out["method"] = {{"low", number_json(c.method->low)},
                   {"high", number_json(c.method->high)},
                   {"p_value", number_json(c.method->p_value)},
                   {"holm_p_value", number_json(*c.holm_p_value)},
                   {"degrees_of_freedom", number_json(c.method->degrees)},
                   {"seed_deviation", number_json(c.method->seed_deviation)},
                   {"sentence_deviation", number_json(c.method->sentence_deviation)}};
  out["pairing"] = {{"correlation", number_json(c.pairing->correlation)},
                    {"variance_ratio", number_json(c.pairing->variance_ratio)}};
  return out;
}

}  // namespace regard::report
