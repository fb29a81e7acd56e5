#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differ;
using testing::differs;
using testing::gradcheck;
using testing::Leaf;
using testing::shape_error;
using testing::values;
using testing::Vars;

}  // namespace

TEST_CASE("lstm_cell: it gives the known values") {
  Tape tape(DType::f64);
  const double ln3 = std::log(3);  // sigmoid(ln 3) = 3/4
  const Var x_gates = tape.input({1, 4}, {ln3, -ln3, 1, 0});
  const Var W_h = tape.input({4, 1}, {0, 0, 1, 0});
  const auto [h, c] = lstm_cell(x_gates, W_h, tape.input({1, 1}, {2}), tape.input({1, 1}, {8}));
  const double expected = 0.25 * 8 + 0.75 * std::tanh(3);
  CHECK(differs(c, {expected}) == "");
  CHECK(differs(h, {0.5 * std::tanh(expected)}) == "");
}

TEST_CASE("lstm_cell: gradcheck passes", "[gradcheck]") {
  for (const auto& [B, H] : {std::array<Index, 2>{1, 1}, {3, 2}, {2, 5}}) {
    CHECK(gradcheck("lstm_cell", {{B, 4 * H}, {4 * H, H}, {B, H}, {B, H}}, [](const Vars& in) {
            const auto [h, c] = lstm_cell(in[0], in[1], in[2], in[3]);
            return concat(h, c);
          }) == "");
  }
  const std::vector<Shape> shapes{{2, 8}, {8, 2}, {2, 2}, {2, 2}};
  CHECK(gradcheck("only h used", shapes,
                  [](const Vars& in) { return lstm_cell(in[0], in[1], in[2], in[3])[0]; }) == "");
  CHECK(gradcheck("only c used", shapes,
                  [](const Vars& in) { return lstm_cell(in[0], in[1], in[2], in[3])[1]; }) == "");
  CHECK(gradcheck("three steps", shapes, [](const Vars& in) {
          std::array<Var, 2> state{in[2], in[3]};
          for (int step = 0; step < 3; ++step) state = lstm_cell(in[0], in[1], state[0], state[1]);
          return mul(state[0], state[1]);
        }) == "");
  CHECK(gradcheck("h also used as c", {{2, 8}, {8, 2}, {2, 2}},
                  [](const Vars& in) { return lstm_cell(in[0], in[1], in[2], in[2])[0]; }) == "");
}

TEST_CASE("lstm_cell: a mask scales the input of the recurrent product", "[gradcheck]") {
  CHECK(gradcheck("lstm_cell with a mask", {{2, 8}, {8, 2}, {2, 2}, {2, 2}}, [](const Vars& in) {
          const Var mask = in[0].tape().input({2, 2}, {0, 2, 1.5, 1});
          const auto out = lstm_cell(in[0], in[1], in[2], in[3], mask);
          return concat(out[0], out[1]);
        }) == "");
  Tape tape(DType::f64, Tape::Mode::evaluate);
  const Leaf gates(DType::f64, {2, 8}, 1), W_h(DType::f64, {8, 2}, 2), h(DType::f64, {2, 2}, 3),
      c(DType::f64, {2, 2}, 4);
  const Var mask = tape.input({2, 2}, {0, 2, 1.5, 1});
  const auto masked = lstm_cell(gates.on(tape), W_h.on(tape), h.on(tape), c.on(tape), mask);
  const auto same = lstm_cell(gates.on(tape), W_h.on(tape), mul(h.on(tape), mask), c.on(tape));
  CHECK(values(masked[0]) == values(same[0]));
  CHECK(values(masked[1]) == values(same[1]));
}

TEST_CASE("lstm_cell: it reads the gates of its step and adds the fed inputs", "[gradcheck]") {
  constexpr Index B = 2, T = 3, H = 2;
  // Steps 2 and 0, so that the gates of step 1 get no gradient; the output of one step is fed to the other.
  const auto two_steps = [](const Vars& in) {
    CellInput input(in[0], 2);
    input.fed[1] = {in[4], in[5]};
    const auto first = lstm_cell(input, in[1], in[2], in[3]);
    input.t = 0;
    input.fed[0] = {first[0], in[6]};
    const auto second = lstm_cell(input, in[1], first[0], first[1]);
    return concat(second[0], second[1]);
  };
  const auto by_parts = [](const Vars& in) {
    const auto step = [&](Index t) { return reshape(slice_time(in[0], t, 1), {B, 4 * H}); };
    const Var also = matmul_nt(in[4], in[5]);
    const auto first = lstm_cell(add(step(2), also), in[1], in[2], in[3]);
    const auto second = lstm_cell(add(add(step(0), matmul_nt(first[0], in[6])), also), in[1], first[0], first[1]);
    return concat(second[0], second[1]);
  };
  const std::vector<Shape> shapes{{B, T, 4 * H}, {4 * H, H}, {B, H}, {B, H}, {B, 3}, {4 * H, 3}, {4 * H, H}};
  CHECK(gradcheck("lstm_cell of all gates, fed twice", shapes, two_steps) == "");
  CHECK(gradcheck("all gates of one step", {{B, 1, 4 * H}, {4 * H, H}, {B, H}, {B, H}},
                  [](const Vars& in) { return lstm_cell(in[0], in[1], in[2], in[3])[0]; }) == "");
  CHECK(differ(shapes, two_steps, by_parts, 1e-14) == "");
}

TEST_CASE("lstm_cell: an empty batch is accepted") {
  Tape tape;
  const auto nothing = [&](Shape shape) { return tape.input(tape.tensor(shape)); };
  const auto [h, c] = lstm_cell(nothing({0, 8}), nothing({8, 2}), nothing({0, 2}), nothing({0, 2}));
  CHECK(h.shape() == Shape{0, 2});
  CHECK(c.shape() == Shape{0, 2});
}

TEST_CASE("lstm_cell: gates of +-300 give finite values and NaN affects only its row") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf gates({3, 4}, {300, 300, 300, 300, -300, -300, -300, -300, nan, 0, 0, 0}, type);
    const Leaf W_h({4, 1}, {0, 0, 0, 0}, type);
    const Leaf c_0({3, 1}, {5, 5, 5}, type);
    const auto [h, c] = lstm_cell(gates.on(tape), W_h.on(tape), tape.input(tape.zeros({3, 1})), c_0.on(tape));
    CHECK(values(c)[0] == 6);
    CHECK(values(c)[1] == Approx(0).margin(1e-30));
    CHECK(std::isnan(values(h)[2]));
    tape.backward(sum(add(h, c)));
    for (Index i = 0; i < 8; ++i) CHECK(std::abs(values(gates.grad())[static_cast<std::size_t>(i)]) < 1e-30);
    CHECK(values(c_0.grad())[0] == Approx(1).margin(1e-4));  // and 1 - tanh(6)^2 through h
  }
}

TEST_CASE("lstm_cell: shapes that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  CHECK(shape_error([&] {
          lstm_cell(zeros({2, 12}), zeros({12, 3}), zeros({1, 2, 3}), zeros({2, 3}));
        }) == "lstm_cell: h [1, 2, 3] must have 2 axes");
  CHECK(shape_error([&] {
          lstm_cell(zeros({2, 12}), zeros({12, 3}), zeros({2, 3}), zeros({2, 4}));
        }) == "lstm_cell: c [2, 4] must have the shape of h [2, 3]");
  CHECK(shape_error([&] {
          lstm_cell(zeros({2, 12}), zeros({3, 12}), zeros({2, 3}), zeros({2, 3}));
        }) == "lstm_cell: W_h [3, 12] must be [12, 3] for h's width");
  CHECK(shape_error([&] {
          lstm_cell(zeros({2, 11}), zeros({12, 3}), zeros({2, 3}), zeros({2, 3}));
        }) == "lstm_cell: x_gates [2, 11] must be [2, 12] for h's batch and width");
  const auto step = [&](CellInput input) { lstm_cell(input, zeros({12, 3}), zeros({2, 3}), zeros({2, 3})); };
  const auto fed = [&](Shape x, Shape W) {
    CellInput input(zeros({2, 5, 12}), 4);
    input.fed[1] = {zeros(x), zeros(W)};
    return input;
  };
  CHECK(shape_error([&] {
          step(zeros({3, 5, 12}));
        }) == "lstm_cell: x_gates [3, 5, 12] must be [2, 5, 12] for h's batch and width");
  CHECK(shape_error([&] {
          step({zeros({2, 5, 12}), 5});
        }) == "lstm_cell: step 5 of x_gates [2, 5, 12] is none of its 5");
  CHECK(shape_error([&] {
          step({zeros({2, 12}), 1});
        }) == "lstm_cell: step 1 of x_gates [2, 12] is none of its 1");
  CHECK(shape_error([&] { step(fed({2, 1, 4}, {12, 4})); }) == "lstm_cell: a fed x [2, 1, 4] must have 2 axes");
  CHECK(shape_error([&] {
          step(fed({3, 4}, {12, 4}));
        }) == "lstm_cell: a fed x [3, 4] must be [2, 4] for h's batch");
  CHECK(shape_error([&] {
          step(fed({2, 4}, {4, 12}));
        }) == "lstm_cell: the W of a fed x [4, 12] must be [12, 4] for h's and x's width");
}

}  // namespace regard
