#include "framework/report/analysis/reservations.h"

#include "tests/support/catch.h"

namespace regard::report {
namespace {

using runs::FactKind;
using Clauses = std::vector<std::string>;

// Three finished seeds of a and b.
Results three_seeds() {
  Results results;
  for (const char* system : {"a", "b"}) {
    for (Index seed = 1; seed <= 3; ++seed) {
      Run run;
      run.system = system;
      run.seed = seed;
      run.state = RunState::finished;
      results.runs.push_back(run);
    }
  }
  return results;
}

void add(Results& results, const std::string& system, Index seeds, FactKind kind) {
  for (Run& run : results.runs) {
    if (run.system == system && run.seed <= seeds) run.facts.push_back({kind, "", 0, ""});
  }
}

}  // namespace

TEST_CASE("reservations: a parked run says what its mean is worth") {
  Results results = three_seeds();
  CHECK(reservations_of(results, "a", "b", 1).empty());
  add(results, "a", 1, FactKind::parked);
  CHECK(
      reservations_of(results, "a", "b", 1) ==
      Clauses{
          "1 of 3 seeds of a parked, so its mean says how surely it begins to align, not how well it translates"});
  add(results, "b", 3, FactKind::parked);
  CHECK(
      reservations_of(results, "a", "b", 1)[1] ==
      "all 3 seeds of b parked, so this shows what it does without alignment, not how well it translates with it");
}

TEST_CASE("reservations: more training narrows or widens the gap") {
  Results results = three_seeds();
  add(results, "b", 1, FactKind::still_improving);
  CHECK(reservations_of(results, "a", "b", 1).empty());  // one of three may be chance
  add(results, "b", 2, FactKind::still_improving);
  CHECK(reservations_of(results, "a", "b", 1) ==
        Clauses{"b was still improving at its end: more epochs would narrow the gap"});
  CHECK(reservations_of(results, "a", "b", -1) ==
        Clauses{"b was still improving at its end: more epochs would widen the gap"});
  CHECK(reservations_of(results, "b", "a", 1) ==
        Clauses{"b was still improving at its end: more epochs would widen the gap"});
  CHECK(reservations_of(results, "b", "a", -1) ==
        Clauses{"b was still improving at its end: more epochs would narrow the gap"});
  add(results, "a", 3, FactKind::still_improving);
  CHECK(reservations_of(results, "a", "b", 1) ==
        Clauses{"both were still improving at their ends: more epochs may change the difference"});
}

TEST_CASE("reservations: each other fact has its clause") {
  const auto clause = [](FactKind kind, Index seeds) {
    Results results = three_seeds();
    add(results, "b", seeds, kind);
    const Clauses clauses = reservations_of(results, "a", "b", 1);
    return clauses.size() == 1 ? clauses[0] : "none or several";
  };
  CHECK(clause(FactKind::diverged, 1) == "1 of 3 seeds of b diverged, so the mean is that of the others");
  CHECK(clause(FactKind::dead, 2) ==
        "2 of 3 seeds of b kept even weights, so its mean is not that of an attention that chooses");
  CHECK(clause(FactKind::dead, 3) ==
        "all 3 seeds of b kept even weights, so this is no comparison with an attention that chooses");
  CHECK(clause(FactKind::overfitted, 1) ==
        "1 of 3 seeds of b overfitted: its recipe is too long, or too weak in regularisation, for this data");
  CHECK(clause(FactKind::truncated, 1) == "1 of 3 seeds of b had translations cut at the length limit");
  CHECK(clause(FactKind::repeats, 1) == "1 of 3 seeds of b repeated words in the translations");
}

TEST_CASE("reservations: one seed is called by its system and a run that is not done counts for nothing") {
  Results results = three_seeds();
  for (Run& run : results.runs) {
    if (run.seed > 1) run.state = RunState::missing;
  }
  add(results, "a", 1, FactKind::parked);
  CHECK(reservations_of(results, "a", "b", 1) ==
        Clauses{"a parked, so this shows what it does without alignment, not how well it translates with it"});
}

TEST_CASE("reservations: they stand behind the verdict") {
  Comparison comparison;
  comparison.verdict = "On test, a beats b.";
  CHECK(in_words(comparison) == "On test, a beats b.");
  comparison.reservations = {"one", "two"};
  CHECK(in_words(comparison) == "On test, a beats b; one; two.");
}

}  // namespace regard::report
