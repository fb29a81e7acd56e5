#include "framework/attention/cost.h"

#include "tests/support/catch.h"

namespace regard::testing {
namespace {

attention::Cost cost_of(const char* name) {
  const auto& variant = attention::variants().at(name);
  return attention::cost_of(variant, config::defaults(variant.options), {.B = 2, .S = 5, .T = 3, .sizes = {8, 8}});
}

}  // namespace

TEST_CASE("cost: memory is the use of the tape and the same each time") {
  const attention::Cost dot = cost_of("dot");
  CHECK(dot.bytes == cost_of("dot").bytes);
  // Two states, the weights, energies and context of 2 sentences in f32, with gradients: more than one of each.
  CHECK(dot.bytes > 2 * 8 * 4);
  CHECK(cost_of("general").bytes > dot.bytes);
  CHECK(cost_of("coverage").bytes > cost_of("concat").bytes);
}

TEST_CASE("cost: forward and backward take time even one position at a time") {
  for (const char* name : {"dot", "coverage"}) {
    INFO(name);
    CHECK(cost_of(name).forward_microseconds > 0);
    CHECK(cost_of(name).backward_microseconds > 0);
  }
}

}  // namespace regard::testing
