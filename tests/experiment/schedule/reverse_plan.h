#pragma once
// A plan over a small corpus of reversed rows, for tests that do not train.
#include <string>

#include "framework/experiment/plan/plan.h"

namespace regard::experiment::test_plans {

// `rest` has the other sections, including `systems`.
inline Plan reverse_plan(const std::string& rest) {
  return make_plan(
      config::parse_yaml("name: m\n"
                         "data: {corpus: {type: reverse, train: 40, valid: 8, test: 8, test_long: 4}}\n" +
                             rest,
                         "p.yaml"));
}

}  // namespace regard::experiment::test_plans
