#include "framework/decoding/scoring.h"

#include <cmath>

#include "tests/support/catch.h"

namespace regard::testing {

using decoding::LengthNorm;
using decoding::Scorer;

TEST_CASE("scoring: the average is log p / length^alpha") {
  CHECK(Scorer({.length_penalty = 1}).score(-6, 4) == -1.5);
  CHECK(Scorer({.length_penalty = 0}).score(-6, 4) == -6);
  CHECK(Scorer({.length_penalty = 0.5}).score(-6, 4) == -3);
  CHECK(Scorer({.length_penalty = 2}).score(-6, 1) == -6);
}

TEST_CASE("scoring: GNMT's form is ((5 + length) / 6)^alpha") {
  // Wu et al. 2016, equation 14: 1 for one word and any alpha; 2 for seven words and alpha 1.
  CHECK(Scorer({.length_norm = LengthNorm::gnmt, .length_penalty = 0.6}).score(-6, 1) == -6);
  CHECK(Scorer({.length_norm = LengthNorm::gnmt, .length_penalty = 1}).score(-6, 7) == -3);
  CHECK(Scorer({.length_norm = LengthNorm::gnmt, .length_penalty = 0.6}).score(-6, 7) ==
        Approx(-6 / std::pow(2, 0.6)).epsilon(1e-14));
  CHECK(Scorer({.length_norm = LengthNorm::gnmt, .length_penalty = 0}).score(-6, 30) == -6);
}

TEST_CASE("scoring: a longer translation of the same probability never has a smaller first term") {
  for (const auto norm : {LengthNorm::average, LengthNorm::gnmt}) {
    for (const double alpha : {0.0, 0.2, 1.0, 3.0}) {
      const Scorer scorer({.length_norm = norm, .length_penalty = alpha});
      for (Index length = 1; length < 50; ++length)
        CHECK(scorer.score(-7, length) <= scorer.score(-7, length + 1));
    }
  }
}

TEST_CASE("scoring: coverage is beta times the sum of logs of each word's weight up to 1") {
  const Scorer scorer({.coverage_penalty = 0.5});
  CHECK(scorer.covers());
  CHECK(scorer.coverage(std::vector<double>{1, 1.7, 1}) == 0);
  CHECK(scorer.coverage(std::vector<double>{0.5, 2, 0.25}) == Approx(0.5 * std::log(0.125)).epsilon(1e-14));
  CHECK(scorer.coverage(std::vector<double>{}) == 0);
  // A word without any weight has a large but finite penalty.
  CHECK(scorer.coverage(std::vector<double>{0}) == Approx(0.5 * std::log(1e-8)).epsilon(1e-14));
  CHECK_FALSE(Scorer({}).covers());
}

}  // namespace regard::testing
