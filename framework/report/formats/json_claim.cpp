// The claim in results.json: what was decided, without times.
#include "framework/report/formats/json_parts.inl"
#include "framework/runs/results_json.h"

namespace regard::report {

Json claim_json(const Results& results) {
  Json out = Json::parse(runs::to_json(*results.decisions));
  out["summary"] = runs::summary(*results.decisions);
  out["verdicts"] = Json::object();
  for (const runs::SystemFacts& system : results.plan.systems) {
    if (system.name == results.decisions->baseline || system.external) continue;
    out["verdicts"][system.name] = runs::in_words(*results.decisions, system.name);
  }
  return out;
}

}  // namespace regard::report
