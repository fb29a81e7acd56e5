#include "framework/report/tables/tables_claim.h"

#include "tests/support/catch.h"

namespace regard::report {
namespace {

// Results of a plan with two systems against vanilla, after two rounds.
Results claimed() {
  Results results;
  results.plan.baseline = "vanilla";
  results.plan.claim.test = "test";
  for (const char* name : {"vanilla", "dot", "general"}) results.plan.systems.push_back({name, {}, false});
  runs::Decisions decisions;
  decisions.metric = "bleu";
  decisions.test = "test";
  decisions.effect = 0.5;
  decisions.alpha = 0.05;
  decisions.power = 0.8;
  decisions.first = 3;
  decisions.most = 4;
  decisions.baseline = "vanilla";
  decisions.sentences = 1000;
  decisions.state = runs::DecisionState::decided;
  evaluation::Look better;
  better.seeds = 3;
  better.difference = 2.0;
  better.low = 0.7;
  better.high = 3.3;
  better.level = 0.0012;
  better.finding = evaluation::Finding::better;
  evaluation::Look equivalent = better;
  equivalent.seeds = 4;
  equivalent.difference = 0.02;
  equivalent.equivalence_low = -0.28;
  equivalent.equivalence_high = 0.32;
  equivalent.finding = evaluation::Finding::equivalent;
  evaluation::Look open = equivalent;
  open.seeds = 3;
  open.finding = evaluation::Finding::open;
  decisions.rounds.push_back({3, {{"dot", better}, {"general", open}}});
  decisions.rounds.push_back({4, {{"dot", better}, {"general", equivalent}}});
  results.decisions = decisions;
  return results;
}

}  // namespace

TEST_CASE("claim: the report says what is claimed and the verdict on each system") {
  CHECK(
      claim_sentences(claimed()) ==
      std::vector<std::string>{
          "Claim: against vanilla, by BLEU on test, with an effect of 0.5, alpha 0.05 and power 0.8; seeds are added "
          "until it is decided, from 3 to at most 4.",
          "dot is better than vanilla by 2.00 BLEU [0.70, 3.30] (3 seeds, 1000 sentences).",
          "general and vanilla are equivalent within 0.5 BLEU: +0.02 [-0.28, 0.32] (4 seeds, 1000 "
          "sentences)."});
  CHECK(claim_sentences(Results{}).empty());
}

TEST_CASE("claim: with several rounds the report says that other p-values do not know of them") {
  Results results = claimed();
  CHECK(
      claim_caution(results) ==
      "Seeds were added until the claim was decided. Only the verdicts of the claim take that into account; the other "
      "intervals and p-values of this report are those of a number of seeds that was fixed before.");
  results.decisions->rounds.pop_back();
  CHECK(claim_caution(results).empty());
  CHECK(claim_caution(Results{}).empty());
}

TEST_CASE("claim: the table of rounds has a system until it is decided") {
  const Table table = rounds_table(claimed());
  CHECK(table.caption == "Rounds of seeds: BLEU on test against vanilla");
  REQUIRE(table.rows.size() == 3);
  CHECK(table.rows[0][0].text == "dot");
  CHECK(table.rows[0].back().text == "better");
  CHECK(table.rows[1].back().text == "open");
  CHECK(table.rows[2][0].text == "general");
  CHECK(table.rows[2][1].text == "4");
  CHECK(table.rows[2].back().text == "equivalent");
  CHECK(rounds_table(Results{}).rows.empty());
}

TEST_CASE("claim: its history has a sentence for each line") {
  Results results;
  results.registrations.push_back({.time = "2026-01-01T00:00:00Z",
                                   .event = "registered",
                                   .claim = "x",
                                   .claim_hash = std::string(64, 'a'),
                                   .plan_hash = "",
                                   .changes = {},
                                   .decoded = {},
                                   .previous = "",
                                   .hash = ""});
  results.registrations.push_back({.time = "2026-01-02T00:00:00Z",
                                   .event = "changed",
                                   .claim = "y",
                                   .claim_hash = std::string(64, 'b'),
                                   .plan_hash = "",
                                   .changes = {"report.claim.effect: 0.5, now 0.2"},
                                   .decoded = {{"test", 6}},
                                   .previous = "",
                                   .hash = ""});
  results.registrations.push_back(results.registrations[1]);
  results.registrations[2].event = "withdrawn";
  CHECK(
      claim_history(results) ==
      std::vector<std::string>{
          "2026-01-01T00:00:00Z: the claim was registered (sha256 aaaaaaaaaaaa); no test set had been decoded.",
          "2026-01-02T00:00:00Z: the plan was changed (claim sha256 bbbbbbbbbbbb); decoded by then: test by 6 runs. "
          "report.claim.effect: 0.5, now 0.2.",
          "2026-01-02T00:00:00Z: the claim was withdrawn; decoded by then: test by 6 runs. report.claim.effect: "
          "0.5, now 0.2."});
}

}  // namespace regard::report
