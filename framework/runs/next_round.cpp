#include "framework/runs/next_round.h"

#include <algorithm>

namespace regard::runs {

bool plan_next_round(Decisions& decisions) {
  const DecisionRound& last = decisions.rounds.back();
  const Index next = std::min(last.seeds + 1, decisions.most);
  bool more = false;
  for (const SystemLook& each : last.systems) {
    if (!each.look.wants_more()) continue;
    decisions.seeds[each.system] = next;
    more = true;
  }
  if (more) decisions.seeds[decisions.baseline] = next;
  return more;
}

}  // namespace regard::runs
