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

using Targets = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("cross_entropy: it gives the known values") {
  Tape tape(DType::f64);
  const Var logits = tape.input({2, 3}, {0, std::log(2), std::log(5), 1, 1, 1});
  CHECK(differs(cross_entropy(logits, Targets{1, 0}), {std::log(4) + std::log(3)}) == "");
  // Smoothing 0.3: 0.7 of the target's loss and 0.3 of the mean over all words.
  const double mean = (std::log(8) + std::log(4) + std::log(1.6)) / 3;
  CHECK(differs(cross_entropy(logits, Targets{1, -1}, 0.3), {0.7 * std::log(4) + 0.3 * mean}) == "");
}

TEST_CASE("cross_entropy: gradcheck passes", "[gradcheck]") {
  for (const double smoothing : {0.0, 0.1}) {
    CHECK(gradcheck("cross_entropy", {{3, 5}}, [=](const Vars& in) {
            return cross_entropy(in[0], Targets{4, 0, 2}, smoothing);
          }) == "");
    CHECK(gradcheck("cross_entropy with rows left out", {{2, 2, 3}}, [=](const Vars& in) {
            return cross_entropy(in[0], Targets{-1, 0, 2, -1}, smoothing);
          }) == "");
    CHECK(gradcheck("cross_entropy of one row", {{4}},
                    [=](const Vars& in) { return cross_entropy(in[0], Targets{3}, smoothing); }) == "");
    CHECK(gradcheck("cross_entropy used twice", {{2, 3}}, [=](const Vars& in) {
            const Var loss = cross_entropy(in[0], Targets{1, 2}, smoothing);
            return mul(loss, add(loss, cross_entropy(scale(in[0], 2), Targets{0, 0}, smoothing)));
          }) == "");
  }
}

TEST_CASE("cross_entropy: a row that is left out adds nothing even if it holds NaN") {
  Tape tape(DType::f64);
  const Leaf logits({2, 2}, {kNan, kNan, 0, 0});
  const Var loss = cross_entropy(logits.on(tape), Targets{-1, 1}, 0.1);
  CHECK(differs(loss, {std::log(2)}) == "");
  tape.backward(loss);
  CHECK(differs(logits.grad(), {0, 0, 0.45, -0.45}) == "");
}

TEST_CASE("cross_entropy: the loss of no rows or no targets is 0") {
  Tape tape(DType::f64);
  const Leaf logits({2, 2}, {1, 2, 3, 4});
  const Var loss = add(cross_entropy(logits.on(tape), Targets{-1, -1}),
                       cross_entropy(tape.input(tape.tensor({0, 2})), Targets{}));
  CHECK(values(loss) == std::vector<double>{0});
  tape.backward(loss);
  CHECK(values(logits.grad()) == std::vector<double>{0, 0, 0, 0});
}

TEST_CASE("cross_entropy: the loss with a vocabulary of one word is 0") {
  Tape tape(DType::f64);
  CHECK(values(cross_entropy(tape.input({2, 1}, {300, -300}), Targets{0, 0}, 0.1)) == std::vector<double>{0});
}

TEST_CASE("cross_entropy: the loss of logits of +-300 is finite and NaN gives NaN") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf logits({2, 2}, {300, -300, 300, -300}, type);
    const Var loss = cross_entropy(logits.on(tape), Targets{1, 0});
    CHECK(values(loss) == std::vector<double>{600});
    tape.backward(loss);
    CHECK(differs(logits.grad(), {1, -1, 0, 0}, 1e-30) == "");
    CHECK(std::isnan(values(cross_entropy(tape.input({1, 2}, {kNan, 0}), Targets{1}))[0]));
    CHECK(std::isnan(values(cross_entropy(tape.input({1, 2}, {0, kNan}), Targets{0}))[0]));
  }
}

TEST_CASE("cross_entropy: targets and smoothing out of range are refused") {
  Tape tape;
  const Var logits = tape.input(tape.zeros({2, 3}));
  CHECK(shape_error([&] { cross_entropy(logits, Targets{0}); }) == "cross_entropy: 1 targets for 2 rows");
  CHECK(shape_error([&] {
          cross_entropy(logits, Targets{0, 3});
        }) == "cross_entropy: target 3 at 1 must lie in -1 to 2");
  CHECK(shape_error([&] {
          cross_entropy(logits, Targets{-2, 0});
        }) == "cross_entropy: target -2 at 0 must lie in -1 to 2");
  CHECK(shape_error([&] {
          cross_entropy(logits, Targets{0, 0}, 1);
        }) == "cross_entropy: smoothing 1 must lie in [0, 1)");
  CHECK(shape_error([&] {
          cross_entropy(logits, Targets{0, 0}, kNan);
        }) == "cross_entropy: smoothing nan must lie in [0, 1)");
}

}  // namespace regard
