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
using testing::values;
using testing::Vars;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

struct Named {
  const char* name;
  Var (*apply)(Var);
};
const std::vector<Named> kEverywhere{{"tanh", tanh}, {"sigmoid", sigmoid}, {"exp", exp}};
const std::vector<Named> kAboveZero{{"log", log}, {"sqrt", sqrt}, {"relu above 0", relu}};

}  // namespace

TEST_CASE("pointwise: it gives the known values") {
  Tape tape(DType::f64);
  const Var x = tape.input({2, 2}, {-1, 0, 0.5, 2});
  CHECK(differs(scale(x, -3), {3, 0, -1.5, -6}) == "");
  CHECK(differs(add_number(x, 0.25), {-0.75, 0.25, 0.75, 2.25}) == "");
  CHECK(differs(tanh(x), {-0.76159415595576489, 0, 0.46211715726000976, 0.96402758007581688}) == "");
  CHECK(differs(sigmoid(x), {0.2689414213699951, 0.5, 0.62245933120185457, 0.88079707797788243}) == "");
  CHECK(differs(relu(x), {0, 0, 0.5, 2}) == "");
  CHECK(differs(exp(x), {0.36787944117144233, 1, 1.6487212707001282, 7.3890560989306495}) == "");
  const Var positive = tape.input({3}, {0.25, 1, 9});
  CHECK(differs(log(positive), {-1.3862943611198906, 0, 2.1972245773362196}) == "");
  CHECK(differs(sqrt(positive), {0.5, 1, 3}) == "");
}

TEST_CASE("pointwise: gradcheck passes", "[gradcheck]") {
  for (const Shape& shape : {Shape{7}, Shape{3, 5}, Shape{2, 1, 3}, Shape{2, 1, 2, 3}}) {
    for (const auto& op : kEverywhere) {
      CHECK(gradcheck(op.name, {shape}, [&](const Vars& in) { return op.apply(in[0]); }) == "");
    }
    for (const auto& op : kAboveZero) {
      CHECK(gradcheck(op.name, {shape}, [&](const Vars& in) { return op.apply(in[0]); },
                      {.low = 0.3, .high = 3}) == "");
    }
    CHECK(gradcheck("relu below 0", {shape}, [](const Vars& in) { return relu(in[0]); },
                    {.low = -3, .high = -0.3}) == "");
    CHECK(gradcheck("scale", {shape}, [](const Vars& in) { return scale(in[0], -1.7); }) == "");
    CHECK(gradcheck("add_number", {shape}, [](const Vars& in) { return add_number(in[0], 4); }) == "");
  }
  CHECK(gradcheck("a chain of uses", {{2, 3}}, [](const Vars& in) {
          const Var y = tanh(in[0]);
          return mul(sigmoid(y), add(y, exp(in[0])));
        }) == "");
}

TEST_CASE("pointwise: the gradient of relu at 0 is 0") {
  Tape tape(DType::f64);
  const Leaf x({3}, {-1, 0, 1});
  tape.backward(sum(relu(x.on(tape))));
  CHECK(values(x.grad()) == std::vector<double>{0, 0, 1});
}

TEST_CASE("pointwise: an empty tensor stays empty") {
  Tape tape;
  const Var empty = tape.input(tape.tensor({0, 3}));
  for (const auto& op : kEverywhere) CHECK(op.apply(empty).shape() == Shape{0, 3});
}

TEST_CASE("pointwise: tanh and sigmoid of +-300 are exact and their gradients finite") {
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf x({2}, {-300, 300}, type);
    const Leaf z({2}, {-300, 300}, type);
    const Var t = tanh(x.on(tape));
    const Var s = sigmoid(z.on(tape));
    CHECK(values(t) == std::vector<double>{-1, 1});
    CHECK(differs(s, {0, 1}, 1e-30) == "");
    tape.backward(sum(add(t, s)));
    CHECK(differs(x.grad(), {0, 0}, 1e-30) == "");
    CHECK(differs(z.grad(), {0, 0}, 1e-30) == "");
  }
}

TEST_CASE("pointwise: NaN stays NaN and infinities follow IEEE") {
  Tape tape;
  const Var x = tape.input({1}, {kNan});
  for (const auto& op : kEverywhere) CHECK(std::isnan(values(op.apply(x))[0]));
  for (const auto& op : kAboveZero) CHECK(std::isnan(values(op.apply(x))[0]));
  CHECK(values(exp(tape.input({1}, {300}))) == std::vector<double>{kInf});  // f32: e^300 > 3.4e38
  CHECK(values(log(tape.input({1}, {0}))) == std::vector<double>{-kInf});
  CHECK(std::isnan(values(sqrt(tape.input({1}, {-1})))[0]));
}

}  // namespace regard
