#include "framework/autodiff/products.h"

#include <cstring>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/packed_weights.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"
#include "tests/support/tensors.h"
#include "tests/tensor/gemm/gemm_paths.h"

namespace regard {
namespace {

using testing::differs;
using testing::ForcedPath;
using testing::Leaf;
using testing::values;

// Runs all ops with products in one step, on weights W [n, k]; returns the outputs and all gradients one after the
// other.
struct Step {
  DType type;
  Leaf x{type, {3, 5, 24}, 1}, W{type, {24, 24}, 2}, b{type, {24}, 3}, W_x{type, {96, 24}, 4},
      W_h{type, {96, 24}, 5}, b_4{type, {96}, 6}, G_x{type, {72, 24}, 7}, G_h{type, {72, 24}, 8},
      b_3{type, {72}, 9}, u_3{type, {72}, 10}, V{type, {33, 24}, 11}, b_V{type, {33}, 12};
  std::vector<Index> lengths{5, 2, 3}, targets;

  explicit Step(DType of) : type(of) {
    for (Index i = 0; i < 15; ++i) targets.push_back(i % 4 == 0 ? -1 : i);
  }

  [[nodiscard]] std::vector<double> run(Arithmetic arithmetic, PackedWeights* weights) const {
    Tape tape(arithmetic, Tape::Mode::record, weights);
    const Var in = x.on(tape), w = W.on(tape);
    const LstmWeights L{W_x.on(tape), W_h.on(tape), b_4.on(tape)};
    const GruWeights G{G_x.on(tape), G_h.on(tape), b_3.on(tape), u_3.on(tape)};
    Var h = gru(lstm(scale(in, 0.1), lengths, L, Var(), Var())[0], lengths, G, Var())[0];
    h = reshape(affine(matmul_nt(matmul(h, w), w), w, b.on(tape)), {15, 24});
    const auto state = lstm_cell(affine(h, L.W_x, L.b), L.W_h, h, h);
    const Var top = gru_cell(affine(state[0], G.W_x, G.b_x), G.W_h, G.b_h, state[1]);
    const Var loss = output_loss(top, V.on(tape), b_V.on(tape), targets);
    tape.backward(loss);
    std::vector<double> all = values(top);
    all.push_back(loss.value().at(0));
    for (const Leaf* leaf : {&x, &W, &b, &W_x, &W_h, &b_4, &G_x, &G_h, &b_3, &u_3, &V, &b_V}) {
      for (const double v : values(leaf->grad())) all.push_back(v);
    }
    return all;
  }
};

}  // namespace

TEST_CASE("products: a step gives the same bytes with and without packed weights") {
  const ForcedPath own({Backend::own, best_instruction_set(), Precision::float32});
  for (const Arithmetic arithmetic :
       {Arithmetic(DType::f32), Arithmetic(DType::f64), Arithmetic(DType::f32, Precision::bfloat16)}) {
    if (!supports(arithmetic.precision)) continue;
    INFO(name_of(arithmetic));
    const Step step(arithmetic.dtype);
    PackedWeights weights;
    const std::vector<double> plain = step.run(arithmetic, nullptr);
    CHECK(step.run(arithmetic, &weights) == plain);
    CHECK(step.run(arithmetic, &weights) == plain);
    CHECK(weights.bytes_in_use() > 0);
  }
}

TEST_CASE("products: the precision of a tape applies forward and backward") {
  if (!supports(Precision::bfloat16)) REGARD_SKIP("there are no products of bfloat16 here");
  const Leaf x({1, 2}, {1 + 0x1p-12, 1}, DType::f32), W({1, 2}, {1, -1}, DType::f32);
  const auto run = [&](Precision precision) {
    Tape tape({DType::f32, precision});
    const Var y = matmul_nt(x.on(tape), W.on(tape));
    tape.backward(scale(sum(y), 1 + 0x1p-12));
    return std::array{y.value().at(0), x.grad().at(0), W.grad().at(0)};
  };
  constexpr double kBit = 0x1p-12;
  CHECK(run(Precision::float32) == std::array{kBit, 1 + kBit, 1 + 2 * kBit});
  CHECK(run(Precision::bfloat16) ==
        std::array{0.0, 1.0, 1.0});  // each operand loses the bits 12 places down by rounding
}

TEST_CASE("products: packed weights are kept until they are cleared") {
  const Leaf x({1, 2}, {1, 10}, DType::f32), W({2, 2}, {1, 2, 3, 4}, DType::f32);
  PackedWeights weights;
  const auto run = [&] {
    Tape tape(DType::f32, Tape::Mode::evaluate, &weights);
    return values(matmul_nt(x.on(tape), W.on(tape)));
  };
  CHECK(run() == std::vector<double>{21, 43});
  const std::size_t bytes = weights.bytes_in_use();
  W.value().set(0, 2);
  CHECK(run() == std::vector<double>{21, 43});
  weights.clear();
  CHECK(run() == std::vector<double>{22, 43});
  CHECK(weights.bytes_in_use() == bytes);
}

TEST_CASE("products: a value that is not a leaf is never packed") {
  PackedWeights weights;
  Tape tape(DType::f32, Tape::Mode::evaluate, &weights);
  const Var x = tape.input({1, 2}, {1, 10});
  CHECK(values(matmul_nt(x, tape.input({1, 2}, {3, 4}))) == std::vector<double>{43});
  CHECK(weights.bytes_in_use() == 0);
}

}  // namespace regard
