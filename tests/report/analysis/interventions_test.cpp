#include "framework/report/analysis/interventions.h"

#include "framework/report/analysis/reservations.h"

#include "framework/report/analysis/comparisons.h"
#include "framework/report/tables/tables.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

// Results in which even weights raise the loss of each sentence of `system` by `by` nats a token.
Results with_effect(const std::string& system, double by, std::vector<Index> seeds = {1, 2, 3}) {
  fixture::Options options;
  options.sentences = 40;
  options.long_test = false;
  options.seeds = std::move(seeds);
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), options);
  Results results = runs::load_results(folder.path());
  for (Run& run : results.runs) {
    if (run.system != system) continue;
    runs::Interventions made;
    runs::Intervened own, even;
    for (const std::string& line : results.tests.front().target_tokens) {
      const auto tokens = 2.0 + static_cast<double>(std::count(line.begin(), line.end(), ' '));
      own.losses.push_back(tokens);
      even.losses.push_back(tokens * (1 + by));
    }
    even.lines = *run.lines("test");
    made.tests["test"]["own"] = own;
    made.tests["test"]["even"] = even;
    run.interventions = made;
  }
  return results;
}

}  // namespace

TEST_CASE("interventions: the change of the loss is per token and that of equal translations is nothing") {
  const Results results = with_effect("general", 0.5);
  const Analysis analysis = analyse(results);
  REQUIRE(analysis.interventions.effects.size() == 1);
  const InterventionEffect& effect = analysis.interventions.effects.front();
  CHECK(effect.system == "general");
  CHECK(effect.kind == "even");
  CHECK(effect.seeds == std::vector<Index>{1, 2, 3});
  CHECK(effect.loss.change == Approx(0.5));
  CHECK(effect.loss.low == Approx(0.5));
  CHECK(effect.loss.high == Approx(0.5));
  REQUIRE(effect.bleu);
  CHECK(effect.bleu->change == Approx(0).margin(1e-9));
  Index sentences = 0;
  for (const EffectByLength& part : effect.by_length) {
    CHECK(part.loss.change == Approx(0.5));
    sentences += part.sentences;
  }
  Index expected = 0;  // a bucket of one sentence has no interval and is left out
  for (const ScoreBucket& bucket : analysis.cut_by("test", Property::source_length)->buckets)
    expected += bucket.sentences > 1 ? bucket.sentences : 0;
  CHECK(sentences == expected);
  CHECK(sentences > 30);
  CHECK(interventions_table(analysis).rows.size() == 1);
  for (const Comparison& comparison : analysis.comparisons) {
    for (const std::string& clause : comparison.reservations)
      CHECK(clause.find("does not use") == std::string::npos);
  }
}

TEST_CASE("interventions: a system whose loss does not move is said not to use its attention") {
  const Results results = with_effect("general", 0.01);
  const Analysis analysis = analyse(results);
  Index said = 0;
  for (const Comparison& comparison : analysis.comparisons) {
    if (comparison.system != "general") continue;
    ++said;
    CHECK(in_words(comparison)
              .ends_with("; general does not use its attention: with even weights its loss moves by "
                         "0.010 nats [0.010, 0.010]."));
  }
  CHECK(said == 1);
}

TEST_CASE("interventions: systems without results are named with the command that makes them") {
  const Results results = with_effect("general", 0.5);
  CHECK(how_to_intervene(analyse(results)) ==
        "Whether dot, concat use their attention is not known: `regard attend FOLDER --intervene` measures it.");
}

}  // namespace regard::report
