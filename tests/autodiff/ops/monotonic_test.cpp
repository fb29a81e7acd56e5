#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::gradcheck;
using testing::shape_error;
using testing::Vars;

using Lengths = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("monotonic: where a scan stops worked out by hand and padding that is not read") {
  Tape tape(DType::f64);
  const Var p = tape.input({2, 4}, {0.5, 0.2, 1, kNan, 1, kNan, kNan, kNan});
  const Var a = tape.input({2, 4}, {0.75, 0.25, 0, kNan, 1, kNan, kNan, kNan});
  // 0.5 * 0.75; 0.2 * (0.5 * 0.75 + 0.25); the rest
  CHECK(differs(monotonic(p, a, Lengths{3, 1}), {0.375, 0.125, 0.5, 0, 1, 0, 0, 0}) == "");
}

TEST_CASE("monotonic: several rows a sentence") {
  Tape tape(DType::f64);
  const Var p = tape.input({4, 2}, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5});
  const Var a = tape.input({4, 2}, {1, 0, 0, 1, 1, 0, 0, 1});
  CHECK(differs(monotonic(p, a, Lengths{2, 1}), {0.5, 0.25, 0, 0.5, 0.5, 0, 0, 0}) == "");
}

TEST_CASE("monotonic: gradcheck", "[gradcheck]") {
  CHECK(gradcheck("monotonic", {{3, 5}, {3, 5}},
                  [](const Vars& in) {
                    return monotonic(in[0], in[1], Lengths{5, 2, 1});
                  },
                  {.low = 0.05, .high = 0.95}) == "");
  CHECK(gradcheck("monotonic twice", {{2, 4}, {2, 4}},
                  [](const Vars& in) { return monotonic(in[0], monotonic(in[0], in[1], Lengths{4}), Lengths{4}); },
                  {.low = 0.05, .high = 0.95}) == "");
}

TEST_CASE("monotonic: shapes that do not fit are refused") {
  Tape tape;
  const Var x = tape.input(tape.zeros({3, 2}));
  CHECK(shape_error([&] {
          static_cast<void>(monotonic(x, tape.input(tape.zeros({3, 3})), Lengths{2}));
        }).starts_with("monotonic: "));
  CHECK(shape_error([&] {
          static_cast<void>(monotonic(x, x, Lengths{2, 2}));
        }) == "monotonic: 2 lengths for p [3, 2]");
}

}  // namespace regard
