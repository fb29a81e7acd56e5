#include "framework/training/scheduled_sampling.h"

#include <cmath>

#include "tests/support/catch.h"

namespace regard::training {

using Decay = ScheduledSampling::Decay;

TEST_CASE("scheduled_sampling: without a decay all words are those of the target") {
  CHECK(ScheduledSampling{}.gold_words(1) == 1);
  CHECK(ScheduledSampling{}.gold_words(1000000) == 1);
}

TEST_CASE("scheduled_sampling: each decay starts near 1 and ends at its floor") {
  const ScheduledSampling linear{.decay = Decay::linear, .updates = 100, .floor = 0.25};
  CHECK(linear.gold_words(1) == 1);
  CHECK(linear.gold_words(51) == 0.5);
  CHECK(linear.gold_words(1001) == 0.25);
  const ScheduledSampling exponential{.decay = Decay::exponential, .updates = 100, .floor = 0.25};
  CHECK(exponential.gold_words(1) == 1);
  CHECK(exponential.gold_words(101) == Approx(std::exp(-1.0)));
  CHECK(exponential.gold_words(1001) == 0.25);
  const ScheduledSampling sigmoid{.decay = Decay::inverse_sigmoid, .updates = 100, .floor = 0.25};
  CHECK(sigmoid.gold_words(1) == Approx(100.0 / 101));
  CHECK(sigmoid.gold_words(1 + 461) == Approx(0.5).epsilon(0.01));  // 100 ln 100
  CHECK(sigmoid.gold_words(100001) == 0.25);
}

}  // namespace regard::training
