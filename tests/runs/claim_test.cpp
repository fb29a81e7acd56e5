#include "framework/runs/claim.h"

#include <string>

#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::runs {
namespace {

Claim claim_of(const std::string& text) {
  const config::Node node = config::parse_yaml(text, "c.yaml");
  return config::parse(config::Section(node, "report.claim"), claim_rows());
}

}  // namespace

TEST_CASE("claim: it is read with its defaults") {
  const Claim claim = claim_of("{test: test_2016, effect: 1}");
  CHECK(claim.metric == ClaimMetric::bleu);
  CHECK(claim.test == "test_2016");
  CHECK(claim.effect == 1.0);
  CHECK(claim.alpha == 0.05);
  CHECK(claim.power == 0.8);
  CHECK_FALSE(claim.empty());
  CHECK(Claim{}.empty());
}

TEST_CASE("claim: a wrong value is an error with its place") {
  CHECK_THROWS_WITH(claim_of("{test: t, effect: 0}"),
                    "c.yaml:1:19: report.claim.effect: expected a number > 0, got \"0\"");
  CHECK_THROWS_WITH(claim_of("{test: t, alpha: 0.9}"),
                    "c.yaml:1:18: report.claim.alpha: expected a number from 0.0001 to 0.5, got \"0.9\"");
  CHECK_THROWS_WITH(
      claim_of("{test: t, metric: blue}"),
      "c.yaml:1:19: report.claim.metric: unknown metric 'blue'; did you mean 'bleu'? Known: bleu (BLEU, "
      "tokeniser 13a), chrf2 (chrF2), ter (TER: lower is better), exact_match (share of lines that are wholly right, "
      "in percent), token_accuracy (share of words at their place in the reference, in percent), wer (word error "
      "rate: lower is better), cer (character error rate: lower is better), per (phone error rate, of lines whose "
      "words are phones: lower is better), edit_distance (mean edit distance in characters: lower is better)");
}

TEST_CASE("claim: its metrics are those of translated lines, with the names of their scores") {
  for (const evaluation::LineMetricFacts& each : evaluation::line_metrics()) {
    CHECK(claim_of(fmt::format("{{test: t, metric: {}}}", each.key)).metric == each.metric);
    CHECK(name_of(each.metric) == each.make()->name());
  }
  CHECK(name_of(ClaimMetric::exact_match) == "EM");
}

}  // namespace regard::runs
