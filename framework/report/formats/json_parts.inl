#pragma once
// Parts of the JSON files. Numbers that are not finite become null. Not installed, because it uses a type of
// nlohmann-json.
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

using Json = nlohmann::json;

[[nodiscard]] Json number_json(double value);
[[nodiscard]] Json spread_json(const Spread& spread);
[[nodiscard]] Json spreads_json(const std::map<std::string, Spread>& spreads);
// Needs results.decisions.
[[nodiscard]] Json claim_json(const Results& results);
[[nodiscard]] Json comparison_json(const Comparison& comparison, const std::string& tokenizer);
[[nodiscard]] Json tuning_json(const runs::Tuning& tuning);
[[nodiscard]] Json interventions_json(const InterventionAnalysis& interventions);

}  // namespace regard::report
