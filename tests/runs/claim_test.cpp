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
      "tokeniser 13a), chrf2 (chrF2), ter (TER: lower is better)");
}

TEST_CASE("claim: each metric has its names and scores translations") {
  for (const ClaimMetric metric : {ClaimMetric::bleu, ClaimMetric::chrf2, ClaimMetric::ter}) {
    const auto scorer = metric_of(metric);
    CHECK(scorer->name() == name_of(metric));
    const evaluation::Lines lines{"the cat sat on the mat .", "a dog"};
    const double perfect = scorer->score(scorer->statistics(lines, {lines}).sum());
    CHECK(perfect == Approx(lower_is_better(metric) ? 0.0 : 100.0));
  }
  CHECK(std::string(key_of(ClaimMetric::ter)) == "ter");
  CHECK(std::string(key_of(ClaimMetric::chrf2)) == "chrf2");
  CHECK(std::string(key_of(ClaimMetric::bleu)) == "bleu");
}

}  // namespace regard::runs
