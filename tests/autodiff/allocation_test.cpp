// After warm-up a step does not allocate on the heap, for every op and any number of threads.
#include "framework/autodiff/ops.h"
#include "framework/base/parallel.h"
#include "tests/support/catch.h"
#include "tests/support/heap_count.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::HeapCount;
using testing::HeapUses;
using testing::Leaf;

constexpr Index B = 16;
constexpr Index T = 12;
constexpr Index E = 24;
constexpr Index H = 32;
constexpr Index V = 150;

// Parameters and a batch, created once.
struct Model {
  Leaf W{DType::f32, {V, E}, 1, -0.2, 0.2};
  Leaf W_x{DType::f32, {4 * H, E}, 2, -0.2, 0.2};
  Leaf W_h{DType::f32, {4 * H, H}, 3, -0.2, 0.2};
  Leaf b{DType::f32, {4 * H}, 4, -0.2, 0.2};
  Leaf G_x{DType::f32, {3 * H, E}, 9, -0.2, 0.2};
  Leaf G_h{DType::f32, {3 * H, H}, 10, -0.2, 0.2};
  Leaf b_x{DType::f32, {3 * H}, 11, -0.2, 0.2};
  Leaf b_h{DType::f32, {3 * H}, 12, -0.2, 0.2};
  Leaf gain{DType::f32, {H}, 13, 0.8, 1.2};
  Leaf W_a{DType::f32, {H, H}, 5, -0.2, 0.2};
  Leaf v_a{DType::f32, {H}, 6, -0.2, 0.2};
  Leaf W_o{DType::f32, {V, H}, 7, -0.2, 0.2};
  Leaf b_o{DType::f32, {V}, 8, -0.2, 0.2};
  std::vector<Index> ids, lengths, sentences, rows;

  Model() {
    for (Index i = 0; i < B; ++i) {
      lengths.push_back(1 + i * 5 % T);
      sentences.push_back(i);
      rows.push_back(B - 1 - i);
    }
    for (Index i = 0; i < B * T; ++i) ids.push_back(i * 37 % V);
  }

  // Uses every op of ops.h at least once.
  void step(Tape& tape) const {
    tape.reset();
    const LstmWeights weights{W_x.on(tape), W_h.on(tape), b.on(tape)};
    const Var a = W_a.on(tape);
    const Var out = W_o.on(tape);
    const Var bias = b_o.on(tape);
    const Var words = embedding(W.on(tape), ids, {B, T});
    const Var x = dropout(words, 0.2, Key(1, "dropout"), sentences);
    const auto [h, h_n, c_n] = lstm(x, lengths, weights, Var(), Var());
    const auto [back, h_1, c_1] = lstm(x, lengths, weights, h_n, c_n, Direction::backward);
    const Var gates = affine(slice_time(x, 0, 1), weights.W_x, weights.b);
    std::array<Var, 2> state{gather_rows(h_1, rows), c_1};
    std::array<Var, 3> steps;
    for (Var& one : steps) {
      CellInput input(gates);
      input.fed[0] = {state[0], weights.W_h};
      state = lstm_cell(input, weights.W_h, state[0], state[1]);
      one = reshape(state[0], {B, 1, H});
    }
    const GruWeights units{G_x.on(tape), G_h.on(tape), b_x.on(tape), b_h.on(tape)};
    const auto [g, g_n] = gru(x, lengths, units, h_1);
    const Var g_1 = gru_cell(reshape(affine(slice_time(x, 0, 1), units.W_x, units.b_x), {B, 3 * H}), units.W_h,
                             units.b_h, g_n);
    const Var v = v_a.on(tape);
    const Var normal = layer_norm(add(g, reshape(g_1, {B, 1, H})), gain.on(tape), v);
    const Var decoder = concat_time(steps);
    const Var query = matmul(decoder, a);
    const Var keys = zero_padding(matmul_nt(add(add(h, back), normal), a), lengths);
    const Var energies = add(batched_matmul_nt(query, keys), additive_energies(query, keys, v));
    const Var context = batched_matmul(softmax(energies, lengths), keys);
    const Var joined = slice_last(concat(context, decoder), H / 2, H);
    const Var readout = tanh(sub(mul(joined, sigmoid(decoder)), relu(scale(decoder, 0.5))));
    const Var sure = div(exp(softmax(readout)), sqrt(add_number(mul(readout, readout), 1)));
    const Var logits = affine(readout, out, bias);
    const std::span<const Index> targets = std::span(ids).first(B * 3);
    const Var extra = log(add_number(sum_last(sure), 2));
    const Var loss = add(cross_entropy(logits, targets, 0.1), sum(extra));
    const Var total = add(loss, output_loss(readout, out, bias, targets));
    if (tape.recording()) tape.backward(total);
    if (!tape.first_non_finite().empty()) throw InternalError("a step that is not finite");
  }
};

}  // namespace

TEST_CASE("allocation: after warm-up a step takes no memory from the heap or the system") {
  const Model model;
  const int before = threads();
  for (const int count : {1, 2, 3}) {
    for (const Tape::Mode mode : {Tape::Mode::record, Tape::Mode::evaluate}) {
      set_threads(count);
      Tape tape(DType::f32, mode);
      for (int warm_up = 0; warm_up < 2; ++warm_up) model.step(tape);
      const std::size_t reserved = tape.arena().bytes_reserved();
      HeapCount heap;
      for (int step = 0; step < 3; ++step) model.step(tape);
      const HeapUses uses = heap.stop();
      INFO(count << " threads; everyone's:\n" << uses.all());
      CHECK(uses.ours() == "");
      CHECK(tape.arena().bytes_reserved() == reserved);  // no new memory from the system
      CHECK(tape.arena().bytes_in_use() > 0);
    }
  }
  set_threads(before);
}

TEST_CASE("allocation: the first step allocates and the count shows it") {
  const Model model;
  Tape tape;
  HeapCount heap;
  model.step(tape);
  CHECK(heap.stop().calls("libregard") > 0);
}

}  // namespace regard
