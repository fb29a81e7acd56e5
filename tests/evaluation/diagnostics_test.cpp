#include "framework/evaluation/diagnostics.h"

#include <cmath>

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard::evaluation {

TEST_CASE("diagnostics: even weights have entropy log n and sharp ones 0") {
  const WeightMatrix even{2, 4, {0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25}};
  const AttentionDiagnostics flat = diagnose(even, {.words = 4}, 2);
  CHECK(flat.entropy == Approx(std::log(4.0)));
  CHECK(flat.relative_entropy == Approx(1.0));
  CHECK(flat.largest == Approx(0.25));
  const WeightMatrix sharp{2, 2, {1, 0, 0, 1}};
  const AttentionDiagnostics peaked = diagnose(sharp, {.words = 2}, 2);
  CHECK(peaked.entropy == 0.0);
  CHECK(peaked.largest == 1.0);
  CHECK(peaked.monotone == 1.0);
  CHECK(peaked.covered == 1.0);
}

TEST_CASE("diagnostics: the shares of weight on the end of the sentence and on padding are right") {
  const WeightMatrix weights{2,
                             4,
                             {0.5, 0.1, 0.3, 0.1,  // two words, the end, padding
                              0.2, 0.2, 0.5, 0.1}};
  const AttentionDiagnostics found = diagnose(weights, {.words = 2, .end_of_sentence = true}, 2);
  CHECK(found.on_end == Approx(0.4));
  CHECK(found.on_padding == Approx(0.1));
  CHECK(diagnose(weights, {.words = 4}, 2).on_end == 0.0);
}

TEST_CASE("diagnostics: steps back are not monotone and words without weight are not covered") {
  const WeightMatrix weights{4, 3, {1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0}};  // places 0 1 0 0
  const AttentionDiagnostics found = diagnose(weights, {.words = 3}, 4);
  CHECK(found.steps == 3);
  CHECK(found.monotone == Approx(2.0 / 3));
  CHECK(found.covered == Approx(2.0 / 3));
  CHECK(diagnose(weights, {.words = 3}, 1).steps == 0);
}

TEST_CASE("diagnostics: sentences are averaged by their number of words") {
  const WeightMatrix sharp{1, 2, {1, 0}};
  const WeightMatrix even{3, 2, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}};
  AttentionDiagnostics sum = diagnose(sharp, {.words = 2}, 1);
  sum.add(diagnose(even, {.words = 2}, 3));
  CHECK(sum.targets == 4);
  CHECK(sum.relative_entropy == Approx(0.75));
  CHECK(sum.covered == Approx((0.5 + 1.0) / 2));
  AttentionDiagnostics none;
  none.add(none);
  CHECK(none.entropy == 0.0);
}

TEST_CASE("diagnostics: agreement is the weight that both have in common") {
  const WeightMatrix first{2, 2, {1, 0, 0.6, 0.4}};
  const WeightMatrix second{2, 2, {0, 1, 0.8, 0.2}};
  const AttentionAgreement found = agreement(first, second, 2);
  CHECK(found.overlap == Approx((0.0 + 0.8) / 2));
  CHECK(found.same_place == Approx(0.5));
  CHECK(agreement(first, first, 2).overlap == Approx(1.0));
  const WeightMatrix wider{2, 3, {1, 0, 0, 1, 0, 0}};
  CHECK_THROWS_AS(agreement(first, wider, 2), InternalError);
  AttentionAgreement sum = found;
  sum.add(agreement(first, first, 2));
  CHECK(sum.overlap == Approx(0.7));
}

}  // namespace regard::evaluation
