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

TEST_CASE("gru_cell: it gives the known values") {
  Tape tape(DType::f64);
  const double ln3 = std::log(3);  // sigmoid(ln 3) = 3/4
  const Var x_gates = tape.input({1, 3}, {ln3, 0, 1});
  const Var W_h = tape.input({3, 1}, {0, 0, 2});
  const Var b_h = tape.input({3}, {0, -ln3, 0.5});
  // r = 3/4, z = 1/4, n = tanh(1 + 3/4 (2 * 2 + 0.5))
  const Var h = gru_cell(x_gates, W_h, b_h, tape.input({1, 1}, {2}));
  CHECK(differs(h, {0.75 * std::tanh(1 + 0.75 * 4.5) + 0.25 * 2}) == "");
}

TEST_CASE("gru_cell: gradcheck passes", "[gradcheck]") {
  for (const auto& [B, H] : {std::array<Index, 2>{1, 1}, {3, 2}, {2, 5}}) {
    CHECK(gradcheck("gru_cell", {{B, 3 * H}, {3 * H, H}, {3 * H}, {B, H}},
                    [](const Vars& in) { return gru_cell(in[0], in[1], in[2], in[3]); }) == "");
  }
  CHECK(gradcheck("three steps", {{2, 6}, {6, 2}, {6}, {2, 2}}, [](const Vars& in) {
          Var h = in[3];
          for (int step = 0; step < 3; ++step) h = gru_cell(in[0], in[1], in[2], h);
          return mul(h, in[3]);
        }) == "");
}

TEST_CASE("gru_cell: a mask scales the input of the recurrent product", "[gradcheck]") {
  CHECK(gradcheck("gru_cell with a mask", {{2, 6}, {6, 2}, {6}, {2, 2}}, [](const Vars& in) {
          return gru_cell(in[0], in[1], in[2], in[3], in[0].tape().input({2, 2}, {0, 2, 1.5, 1}));
        }) == "");
  // One unit whose product is masked to 0; the state itself is not masked: z = sigmoid(0), n = tanh(0).
  Tape tape(DType::f64);
  const Var h = gru_cell(tape.input({1, 3}, {0, 0, 0}), tape.input({3, 1}, {5, 5, 5}), tape.input({3}, {0, 0, 0}),
                         tape.input({1, 1}, {2}), tape.input({1, 1}, {0}));
  CHECK(differs(h, {1}) == "");
}

TEST_CASE("gru_cell: it reads the gates of its step and adds the fed inputs", "[gradcheck]") {
  constexpr Index B = 2, T = 3, H = 2;
  const auto two_steps = [](const Vars& in) {
    CellInput input(in[0], 2);
    input.fed[1] = {in[4], in[5]};
    const Var first = gru_cell(input, in[1], in[2], in[3]);
    input.t = 0;
    input.fed[0] = {first, in[6]};
    return gru_cell(input, in[1], in[2], first);
  };
  const auto by_parts = [](const Vars& in) {
    const auto step = [&](Index t) { return reshape(slice_time(in[0], t, 1), {B, 3 * H}); };
    const Var also = matmul_nt(in[4], in[5]);
    const Var first = gru_cell(add(step(2), also), in[1], in[2], in[3]);
    return gru_cell(add(add(step(0), matmul_nt(first, in[6])), also), in[1], in[2], first);
  };
  const std::vector<Shape> shapes{{B, T, 3 * H}, {3 * H, H}, {3 * H}, {B, H}, {B, 3}, {3 * H, 3}, {3 * H, H}};
  CHECK(gradcheck("gru_cell of all gates, fed twice", shapes, two_steps) == "");
  CHECK(differ(shapes, two_steps, by_parts, 1e-14) == "");
}

TEST_CASE("gru_cell: an empty batch is accepted") {
  Tape tape;
  const auto nothing = [&](Shape shape) { return tape.input(tape.tensor(shape)); };
  CHECK(gru_cell(nothing({0, 6}), nothing({6, 2}), nothing({6}), nothing({0, 2})).shape() == Shape{0, 2});
}

TEST_CASE("gru_cell: gates of +-300 give finite values and NaN affects only its row") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const DType type : {DType::f32, DType::f64}) {
    Tape tape(type);
    const Leaf gates({3, 3}, {300, 300, 300, -300, -300, -300, nan, 0, 0}, type);
    const Leaf h_0({3, 1}, {5, 5, 5}, type);
    const Var h =
        gru_cell(gates.on(tape), tape.input(tape.zeros({3, 1})), tape.input(tape.zeros({3})), h_0.on(tape));
    CHECK(values(h)[0] == 5);
    CHECK(values(h)[1] == -1);
    CHECK(std::isnan(values(h)[2]));
    tape.backward(sum(h));
    for (Index i = 0; i < 6; ++i) CHECK(std::abs(values(gates.grad())[static_cast<std::size_t>(i)]) < 1e-30);
    CHECK(values(h_0.grad())[0] == 1);
    CHECK(values(h_0.grad())[1] == Approx(0).margin(1e-30));
  }
}

TEST_CASE("gru_cell: shapes that do not fit are refused") {
  Tape tape;
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  CHECK(shape_error([&] {
          gru_cell(zeros({2, 9}), zeros({9, 3}), zeros({9}), zeros({1, 2, 3}));
        }) == "gru_cell: h [1, 2, 3] must have 2 axes");
  CHECK(shape_error([&] {
          gru_cell(zeros({2, 9}), zeros({12, 3}), zeros({9}), zeros({2, 3}));
        }) == "gru_cell: W_h [12, 3] must be [9, 3] for h's width");
  CHECK(shape_error([&] {
          gru_cell(zeros({2, 9}), zeros({9, 3}), zeros({3}), zeros({2, 3}));
        }) == "gru_cell: b_h [3] must be [9] for h's width");
  CHECK(shape_error([&] {
          gru_cell(zeros({1, 9}), zeros({9, 3}), zeros({9}), zeros({2, 3}));
        }) == "gru_cell: x_gates [1, 9] must be [2, 9] for h's batch and width");
}

}  // namespace regard
