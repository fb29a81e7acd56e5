#pragma once
// A plan over short rows of symbols, and a run folder that does not exist.
#include <string>

#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"
#include "tests/support/tiny_run.h"

namespace regard::experiment {

inline Plan plan_of(const std::string& text) { return make_plan(config::parse_yaml(text, "p.yaml")); }

inline Plan tiny(const std::string& rest = "") {
  return plan_of(test::tiny_plan_text(rest, "training: {batch: {sentences: 8}}\n"));
}

inline runs::RunFolder nowhere() { return {"no-such-folder"}; }

}  // namespace regard::experiment
