#include "framework/runs/next_round.h"

#include "tests/support/catch.h"

namespace regard::runs {
namespace {

SystemLook look_at(const char* system, Index seeds, evaluation::Finding finding, evaluation::Obstacle obstacle) {
  SystemLook each;
  each.system = system;
  each.look.seeds = seeds;
  each.look.finding = finding;
  each.look.obstacle = obstacle;
  return each;
}

using evaluation::Finding;
using evaluation::Obstacle;

Decisions after(Index round, std::vector<SystemLook> looks) {
  Decisions decisions;
  decisions.baseline = "vanilla";
  decisions.most = 8;
  decisions.seeds["vanilla"] = round;
  for (const SystemLook& each : looks) decisions.seeds[each.system] = each.look.seeds;
  decisions.rounds.push_back({round, std::move(looks)});
  return decisions;
}

using Seeds = std::map<std::string, Index>;

}  // namespace

TEST_CASE("next round: an open system and the baseline get another seed and a decided one none") {
  Decisions decisions = after(
      4, {look_at("dot", 4, Finding::open, Obstacle::none), look_at("general", 3, Finding::better, Obstacle::none),
          look_at("concat", 4, Finding::open, Obstacle::sentences)});
  CHECK(plan_next_round(decisions));
  CHECK(decisions.seeds == Seeds{{"vanilla", 5}, {"dot", 5}, {"general", 3}, {"concat", 4}});
}

TEST_CASE("next round: there is none if no system wants more") {
  Decisions decisions = after(5, {look_at("dot", 5, Finding::worse, Obstacle::none),
                                  look_at("general", 4, Finding::open, Obstacle::seeds)});
  const Seeds before = decisions.seeds;
  CHECK_FALSE(plan_next_round(decisions));
  CHECK(decisions.seeds == before);
}

TEST_CASE("next round: a system that has prospects again gets the seeds that it lacks even at the last round") {
  Decisions decisions = after(8, {look_at("dot", 8, Finding::better, Obstacle::none),
                                  look_at("general", 4, Finding::open, Obstacle::none)});
  CHECK(plan_next_round(decisions));
  CHECK(decisions.seeds == Seeds{{"vanilla", 8}, {"dot", 8}, {"general", 8}});
}

}  // namespace regard::runs
