#include "framework/training/attention_rate.h"

#include "tests/support/catch.h"

namespace regard::training {

TEST_CASE("attention rate: auto is smaller for a parameter with many inputs") {
  CHECK(attention_rate({512, 1024}, {}) == 32.0 / 1024);
  CHECK(attention_rate({512, 32}, {}) == 1);
  CHECK(attention_rate({8, 33}, {}) == 32.0 / 33);
  CHECK(attention_rate({128}, {}) == 0.25);
  CHECK(attention_rate({1}, {}) == 1);
  CHECK(attention_rate(Shape{}, {}) == 1);
}

TEST_CASE("attention rate: a number in the plan is the factor of all") {
  CHECK(attention_rate({4, 512}, 0.5) == 0.5);
  CHECK(attention_rate({1}, 0.5) == 0.5);
  CHECK(attention_rate({4, 512}, 0.0) == 0);
}

}  // namespace regard::training
