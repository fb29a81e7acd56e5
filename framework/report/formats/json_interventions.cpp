#include "framework/report/formats/json_parts.inl"

namespace regard::report {
namespace {

Json effect_json(const Effect& effect) {
  return {{"change", number_json(effect.change)},
          {"low", number_json(effect.low)},
          {"high", number_json(effect.high)}};
}

}  // namespace

Json interventions_json(const InterventionAnalysis& interventions) {
  Json out{{"effects", Json::array()}, {"refused", Json::object()}};
  for (const auto& [system, why] : interventions.refused) out["refused"][system] = why;
  for (const InterventionEffect& effect : interventions.effects) {
    Json one{{"system", effect.system},          {"test", effect.test},
             {"weights", effect.kind},           {"seeds", effect.seeds},
             {"loss", effect_json(effect.loss)}, {"by_source_length", Json::array()}};
    if (effect.bleu) one["bleu"] = effect_json(*effect.bleu);
    if (!effect.other.empty()) one["other"] = effect.other;
    for (const EffectByLength& part : effect.by_length) {
      one["by_source_length"].push_back({{"range", part.range},
                                         {"mean_length", number_json(part.length)},
                                         {"sentences", part.sentences},
                                         {"loss", effect_json(part.loss)}});
    }
    out["effects"].push_back(std::move(one));
  }
  return out;
}

}  // namespace regard::report
