#include "framework/runs/claim.h"

#include "framework/evaluation/bleu.h"
#include "framework/evaluation/chrf.h"
#include "framework/evaluation/ter.h"

namespace regard::runs {

const config::OptionTable<Claim>& claim_rows() {
  using config::option;
  static const config::OptionTable<Claim> rows = {
      config::choice("metric", &Claim::metric,
                     {{"bleu", ClaimMetric::bleu, "BLEU, tokeniser 13a"},
                      {"chrf2", ClaimMetric::chrf2, "chrF2"},
                      {"ter", ClaimMetric::ter, "TER: lower is better"}},
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

const char* key_of(ClaimMetric metric) {
  switch (metric) {
    case ClaimMetric::chrf2:
      return "chrf2";
    case ClaimMetric::ter:
      return "ter";
    case ClaimMetric::bleu:
      break;
  }
  return "bleu";
}

const char* name_of(ClaimMetric metric) {
  switch (metric) {
    case ClaimMetric::chrf2:
      return "chrF2";
    case ClaimMetric::ter:
      return "TER";
    case ClaimMetric::bleu:
      break;
  }
  return "BLEU";
}

bool lower_is_better(ClaimMetric metric) { return metric == ClaimMetric::ter; }

std::unique_ptr<evaluation::Metric> metric_of(ClaimMetric metric) {
  switch (metric) {
    case ClaimMetric::chrf2:
      return std::make_unique<evaluation::Chrf>();
    case ClaimMetric::ter:
      return std::make_unique<evaluation::Ter>();
    case ClaimMetric::bleu:
      break;
  }
  return std::make_unique<evaluation::Bleu>();
}

}  // namespace regard::runs
