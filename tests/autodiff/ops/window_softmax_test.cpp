#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::gradcheck;
using testing::Leaf;
using testing::shape_error;
using testing::values;
using testing::Vars;

using Places = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("window_softmax: it gives the known values") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Var x = tape.input({2, 4}, {9, 0, std::log(3), 9, std::log(2), 9, 9, 9});
    const Var y = window_softmax(x, Places{1, 0}, Places{3, 1});
    CHECK(differs(y, {0, 0.25, 0.75, 0, 1, 0, 0, 0}, type == DType::f32 ? 1e-6 : 1e-15) == "");
  }
}

TEST_CASE("window_softmax: gradcheck passes", "[gradcheck]") {
  CHECK(gradcheck("window_softmax", {{2, 2, 5}}, [](const Vars& in) {
          return window_softmax(in[0], Places{0, 1, 4, 2}, Places{5, 3, 5, 5});
        }) == "");
}

TEST_CASE("window_softmax: a window over a whole row gives softmax") {
  Tape tape(DType::f64);
  const Leaf x(DType::f64, {3, 7}, 5);
  CHECK(differs(window_softmax(x.on(tape), Places{0, 0, 0}, Places{7, 7, 7}),
                values(softmax(tape.input(x.value())))) == "");
}

TEST_CASE("window_softmax: positions outside of the window have no weight and no effect even if NaN") {
  Tape tape(DType::f64);
  const Leaf x({1, 4}, {kNan, 0, std::log(3), kNan});
  const Var y = window_softmax(x.on(tape), Places{1}, Places{3});
  CHECK(differs(y, {0, 0.25, 0.75, 0}) == "");
  tape.backward(y, Leaf({1, 4}, {kNan, 1, 0, kNan}).value());
  CHECK(differs(x.grad(), {0, 0.1875, -0.1875, 0}) == "");
}

TEST_CASE("window_softmax: scores of +-300 give finite weights") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf x({1, 3}, {300, -300, 300}, type);
    const Var y = window_softmax(x.on(tape), Places{1}, Places{3});
    CHECK(values(y)[1] == Approx(0).margin(1e-30));
    CHECK(values(y)[2] == 1);
  }
}

TEST_CASE("window_softmax: windows that do not fit are refused") {
  Tape tape;
  const Var x = tape.input(tape.zeros({2, 4}));
  CHECK(shape_error([&] {
          window_softmax(x, Places{0}, Places{1, 2});
        }) == "window_softmax: 1 begins and 2 ends for the 2 rows of x [2, 4]");
  const auto refused = [&](Index begin, Index end) {
    return shape_error([&] { window_softmax(x, Places{0, begin}, Places{1, end}); });
  };
  const std::string rule = " of row 1 must hold a position of 0 … 3";
  CHECK(refused(2, 2) == "window_softmax: the window 2 … 1" + rule);
  CHECK(refused(-1, 2) == "window_softmax: the window -1 … 1" + rule);
  CHECK(refused(3, 5) == "window_softmax: the window 3 … 4" + rule);
}

}  // namespace regard
