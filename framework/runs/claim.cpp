#include "framework/runs/claim.h"

namespace regard::runs {
namespace {

std::vector<config::Named<ClaimMetric>> named_metrics() {
  std::vector<config::Named<ClaimMetric>> all;
  for (const evaluation::LineMetricFacts& each : evaluation::line_metrics())
    all.push_back({each.key, each.metric, each.summary});
  return all;
}

}  // namespace

const config::OptionTable<Claim>& claim_rows() {
  using config::option;
  static const config::OptionTable<Claim> rows = {
      config::choice("metric", &Claim::metric, named_metrics(),
                     "the score of the beam's translations that decides"),
      option("test", &Claim::test, "the test set that decides; must be given with a claim"),
      option(
          "effect", &Claim::effect, config::above(0), "points",
          "the smallest difference that matters. A system whose difference from the baseline is surely smaller, "
          "in both directions, is equivalent to it"),
      option("alpha", &Claim::alpha, {.low = 0.0001, .high = 0.5}, "",
             "the largest probability of any false 'better' or 'worse', over all systems and all rounds of seeds; "
             "the same for a false 'equivalent'"),
      option("power", &Claim::power, {.low = 0.5, .high = 0.999}, "",
             "with which probability a difference of this effect should be found, where the report says how many "
             "seeds or sentences that needs"),
  };
  return rows;
}

const config::OptionTable<SeedRounds>& seed_rounds_rows() {
  using config::option;
  static const config::OptionTable<SeedRounds> rows = {
      option("first", &SeedRounds::first, config::between(3, 100), "seeds",
             "the seeds of the first round: 1 to this number, for every system"),
      option("most", &SeedRounds::most, config::between(3, 100), "seeds", "no system gets more"),
      config::choice("until", &SeedRounds::until,
                     {{"decided", SeedRounds::Until::decided,
                       "systems that report.claim leaves open get one more seed each round, and so does the "
                       "baseline"}},
                     "when a system gets no further seed"),
  };
  return rows;
}

std::string name_of(ClaimMetric metric) { return evaluation::facts_of(metric).make()->name(); }

}  // namespace regard::runs
