#pragma once
// Which seeds the next round of a claim needs.
#include "framework/runs/decisions.h"

namespace regard::runs {

// Sets `seeds` of the systems that want more after the last round, and of the baseline, to those of the next round: one
// more than the baseline has, at most all. A system that stopped early and has prospects again, because a verdict on
// another has left it more of alpha, gets those that it lacks. Returns false and changes nothing if none wants more.
[[nodiscard]] bool plan_next_round(Decisions& decisions);

}  // namespace regard::runs
