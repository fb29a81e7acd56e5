// How a step reuses memory: gradients that reuse the memory of others, gradients that are computed early, and
// scratch.
#include "framework/autodiff/ops.h"
#include "framework/autodiff/tape.h"
#include "framework/tensor/kernels.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {

using testing::differs;
using testing::internal_error;
using testing::Leaf;
using testing::values;

TEST_CASE("tape: the gradient of an element-wise op reuses the memory of its output's gradient") {
  Tape tape(DType::f64);
  const Leaf x({4}, {1, 2, 3, 4});
  Tensor dx, dy;
  // y = 3 x with an inner value
  const auto times_three = [&](Var v) {
    const Tensor y = tape.tensor(v.shape());
    kernels::scale(v.value(), 3, y, false);
    return tape.record("times_three", y, Wrt{v, [v, &dx, &dy](const Tensor& given) {
                                               const auto [grad, accumulate] = v.grad_sink_over(given);
                                               dx = grad;
                                               dy = given;
                                               kernels::scale(given, 3, grad, accumulate);
                                             }});
  };
  SECTION("an inner value's does, where nothing is there yet") {
    tape.backward(sum(times_three(scale(x.on(tape), 2))));
    CHECK(dx.raw() == dy.raw());
    CHECK(values(x.grad()) == std::vector<double>{6, 6, 6, 6});
  }
  SECTION("what another op has put there is added to") {
    const Var inner = scale(x.on(tape), 2);
    const Var y = times_three(inner);
    tape.backward(sum(add(y, scale(inner, 10))));
    CHECK(dx.raw() != dy.raw());
    CHECK(values(x.grad()) == std::vector<double>{26, 26, 26, 26});
  }
  SECTION("a leaf's is its owner's memory") {
    tape.backward(sum(times_three(x.on(tape))));
    CHECK(dx.raw() == x.grad().raw());
    CHECK(values(x.grad()) == std::vector<double>{3, 3, 3, 3});
  }
  SECTION("two ops of one value: the second adds to what was taken over") {
    const Var inner = scale(x.on(tape), 2);
    tape.backward(sum(mul(reshape(inner, {2, 2}), reshape(times_three(inner), {2, 2}))));
    CHECK(values(x.grad()) == std::vector<double>{24, 48, 72, 96});
  }
}

TEST_CASE("tape: a gradient computed before backward is in its leaf and adds to others") {
  Tape tape(DType::f64);
  const Leaf x({2}, {3, 5});
  const Var v = x.on(tape);
  std::vector<const void*> places;
  // The sum of squares; its gradient 2 x is computed at once.
  const auto squares = [&](Var W) {
    const Tensor dW = tape.early_grad(W);
    places.push_back(dW.raw());
    kernels::scale(W.value(), 2, dW, false);
    const Tensor y = tape.tensor({1});
    y.set(0, 34);
    return tape.record("squares", y,
                       Wrt{W, [W, dW](const Tensor& dy) { W.tape().give_early_grad(W, dW, dy.at(0)); }});
  };
  SECTION("alone it is multiplied where it lies") {
    tape.backward(scale(squares(v), 10));
    CHECK(places == std::vector<const void*>{x.grad().raw()});
    CHECK(values(x.grad()) == std::vector<double>{60, 100});
  }
  SECTION("an op recorded before adds to it") {
    const Var before = sum(scale(v, 7));
    tape.backward(add(before, squares(v)));
    CHECK(values(x.grad()) == std::vector<double>{13, 17});
  }
  SECTION("an op recorded after comes first and does not lose it") {
    const Var early = squares(v);
    tape.backward(add(early, sum(scale(v, 7))));
    CHECK(values(x.grad()) == std::vector<double>{13, 17});
  }
  SECTION("two of one leaf") {
    const Var first = squares(v);
    const Var second = squares(v);
    CHECK(places[0] != places[1]);
    tape.backward(add(scale(first, 10), second));
    CHECK(values(x.grad()) == std::vector<double>{66, 110});
  }
  SECTION("one that y does not depend on leaves nothing") {
    static_cast<void>(squares(v));
    tape.backward(sum(scale(v, 7)));
    CHECK(values(x.grad()) == std::vector<double>{7, 7});
  }
  SECTION("nor does it stand in the way of a put-off weight gradient") {
    const Leaf w({1, 2}, {1, 2});
    const Var W = w.on(tape);
    const Tensor early = tape.early_grad(W);
    kernels::fill_zero(early);
    tape.backward(sum(matmul_nt(tape.input({1, 2}, {3, 4}), W)));
    CHECK(values(w.grad()) == std::vector<double>{3, 4});
  }
  SECTION("an inner value's, and an accumulating leaf's, lie elsewhere") {
    tape.backward(squares(scale(v, 2)));
    CHECK(values(x.grad()) == std::vector<double>{24, 40});
    tape.reset();
    const Var again = tape.leaf(x.value(), x.grad(), true);
    tape.backward(squares(again));
    CHECK(places[1] != x.grad().raw());
    CHECK(values(x.grad()) == std::vector<double>{30, 50});
  }
}

TEST_CASE("tape: a step repeated after reset needs no more memory") {
  Tape tape;
  const Leaf x(DType::f32, {64, 512}, 1);
  std::size_t reserved = 0;
  for (int step = 0; step < 4; ++step) {
    tape.reset();
    CHECK(tape.node_count() == 0);
    tape.backward(sum(tanh(tanh(tanh(x.on(tape))))));
    if (step == 1) reserved = tape.arena().bytes_reserved();
  }
  CHECK(tape.arena().bytes_reserved() == reserved);
}

TEST_CASE("tape: a scratch frees its memory and refuses gradients in it") {
  Tape tape(DType::f64);
  const Leaf x({2}, {1, 2});
  const Var inner = scale(x.on(tape), 2);
  const auto before = tape.arena().bytes_in_use();
  {
    const Tape::Scratch scratch(tape);
    static_cast<void>(tape.tensor({1000}));
    CHECK(tape.arena().bytes_in_use() >= before + 8000);
    CHECK(internal_error([&] { static_cast<void>(inner.grad()); }) ==
          "a gradient was first asked for within a Scratch, which would take its memory");
  }
  CHECK(tape.arena().bytes_in_use() == before);
  inner.reserve_grad();
  const Tape::Scratch scratch(tape);
  CHECK(values(inner.grad()) == std::vector<double>{0, 0});
}

TEST_CASE("tape: scratch memory is that of unused neighbouring gradients or else of the arena") {
  // Three leaves with neighbouring gradients, and one whose gradient is elsewhere.
  std::vector<double> values_of(300, 1), grads(300, 5), apart(100, 5);
  const auto leaf = [&](Tape& tape, Index at, bool accumulate = false) {
    return tape.leaf({values_of.data() + 100 * at, DType::f64, {100}},
                     {grads.data() + 100 * at, DType::f64, {100}}, accumulate);
  };
  const auto within = [&](const void* memory) { return memory >= grads.data() && memory < grads.data() + 300; };
  Tape tape(DType::f64);
  const auto scratch_numbers = [&](Index count) { return tape.scratch_tensor({count}).raw(); };
  SECTION("two pieces that together need all three, and a third that finds none left") {
    for (Index at = 0; at < 3; ++at) static_cast<void>(leaf(tape, at));
    const auto before = tape.arena().bytes_in_use();
    {
      const Tape::Scratch scratch(tape);
      void* const first = scratch_numbers(150);
      void* const second = scratch_numbers(80);
      CHECK(within(first));
      CHECK(within(second));
      CHECK(second >= static_cast<double*>(first) + 150);
      CHECK(tape.arena().bytes_in_use() == before);
      CHECK_FALSE(within(scratch_numbers(100)));
    }
    const Tape::Scratch again(tape);
    CHECK(within(scratch_numbers(290)));  // given back with the scratch
  }
  SECTION("one that holds something, or was lent, parts its neighbours") {
    static_cast<void>(leaf(tape, 0));
    const bool accumulate = GENERATE(true, false);
    const Var middle = leaf(tape, 1, accumulate);
    static_cast<void>(leaf(tape, 2));
    if (!accumulate) static_cast<void>(tape.early_grad(middle));
    const Tape::Scratch scratch(tape);
    CHECK_FALSE(within(scratch_numbers(150)));
    for (int i = 0; i < 2; ++i) {
      const auto* const piece = static_cast<double*>(scratch_numbers(90));
      CHECK(within(piece));
      CHECK((piece + 90 <= grads.data() + 100 || piece >= grads.data() + 200));
    }
  }
  SECTION("an evaluation has none: gradients stay") {
    Tape evaluation(DType::f64, Tape::Mode::evaluate);
    static_cast<void>(leaf(evaluation, 0));
    const Tape::Scratch scratch(evaluation);
    CHECK_FALSE(within(evaluation.scratch_tensor({50}).raw()));
  }
  SECTION("no gradient may begin meanwhile, and none is asked for outside a scratch") {
    const Var v = leaf(tape, 0);
    CHECK(internal_error([&] { static_cast<void>(tape.allocate_scratch(8)); }) ==
          "scratch memory was asked for outside a Scratch");
    {
      const Tape::Scratch scratch(tape);
      static_cast<void>(tape.allocate_scratch(8));
      CHECK(internal_error([&] { static_cast<void>(v.grad()); }) ==
            "a leaf's gradient was first asked for while an op's Scratch had its memory (Tape::scratch_tensor)");
    }
    CHECK(values(v.grad()) == std::vector<double>(100, 0));
  }
}

TEST_CASE("tape: the gradients of ops are freed after their closures and others reuse the memory") {
  constexpr Index N = 1000;
  const Leaf x({N}, std::vector<double>(N, 1));
  // Returns the bytes that backward adds to those of forward, in a chain of products with two factors.
  const auto added = [&](int length) {
    Tape tape(DType::f64);
    const Var leaf = x.on(tape);
    Var y = leaf;
    for (int i = 0; i < length; ++i) y = mul(y, leaf);
    const Var total = sum(y);
    const auto before = tape.arena().bytes_in_use();
    tape.backward(total);
    CHECK(values(x.grad()) == std::vector<double>(N, length + 1.0));
    return tape.arena().bytes_in_use() - before;
  };
  CHECK(added(20) == added(4));
  CHECK(added(20) <= 3 * N * 8);

  Tape tape(DType::f64);
  const Var inner = scale(x.on(tape), 2);
  tape.backward(sum(inner));
  CHECK(internal_error([&] { static_cast<void>(inner.grad()); }) ==
        "a gradient was asked for after the backward of its op, which gave its memory back");
}

TEST_CASE("tape: delayed gradients of a weight are right for any number of rows") {
  // 40 steps of 64 rows, some of which the tape copies together. After each comes another op of the same size,
  // which would overwrite a dy that was freed too early.
  constexpr Index B = 64, H = 8;
  const Leaf W(DType::f64, {H, H}, 1, -0.3, 0.3), x(DType::f64, {B, H}, 2), c(DType::f64, {B, H}, 3);
  Tape tape(DType::f64);
  const Var weight = W.on(tape);
  const Var factor = c.on(tape);
  Var state = x.on(tape);
  std::vector<double> expected(H * H);
  std::vector<Var> states;
  for (int t = 0; t < 40; ++t) {
    states.push_back(state);
    state = tanh(mul(matmul_nt(state, weight), factor));
  }
  tape.backward(sum(state));
  // The same by hand, in reverse: z = (h W^T) * c, h' = tanh z.
  std::vector<double> dh(B * H, 1);
  const std::vector<double> w = values(W.value()), by = values(c.value());
  for (int t = 40; t-- > 0;) {
    const std::vector<double> h = values(states[static_cast<std::size_t>(t)]);
    const std::vector<double> next = values(t == 39 ? state : states[static_cast<std::size_t>(t) + 1]);
    std::vector<double> before(B * H);
    for (Index b = 0; b < B; ++b) {
      for (Index n = 0; n < H; ++n) {
        const auto at = static_cast<std::size_t>(b * H + n);
        const double dz = dh[at] * (1 - next[at] * next[at]) * by[at];
        for (Index k = 0; k < H; ++k) {
          expected[static_cast<std::size_t>(n * H + k)] += dz * h[static_cast<std::size_t>(b * H + k)];
          before[static_cast<std::size_t>(b * H + k)] += dz * w[static_cast<std::size_t>(n * H + k)];
        }
      }
    }
    dh = before;
  }
  CHECK(differs(W.grad(), expected, 1e-10) == "");
  CHECK(differs(x.grad(), dh, 1e-10) == "");
  CHECK(tape.arena().peak_bytes() - tape.arena().bytes_in_use() <= 2 * 512 * H * 8);  // not 2 * 40 * B * H * 8
}

TEST_CASE("tape: a cell with fed inputs keeps one array of gates for each step") {
  constexpr Index B = 16, H = 32;
  // Returns the bytes in use after forward and backward of T steps; each step is fed the state before it.
  const auto bytes = [](Index T) {
    const Leaf gates(DType::f64, {B, T, 4 * H}, 1), W_h(DType::f64, {4 * H, H}, 2), W(DType::f64, {4 * H, H}, 3);
    Tape tape(DType::f64);
    const Var all = gates.on(tape), recurrent = W_h.on(tape), feed = W.on(tape);
    std::array<Var, 2> state{tape.input(tape.zeros({B, H})), tape.input(tape.zeros({B, H}))};
    for (Index t = 0; t < T; ++t) {
      CellInput input(all, t);
      input.fed[0] = {state[0], feed};
      state = lstm_cell(input, recurrent, state[0], state[1]);
    }
    tape.backward(sum(state[0]));
    return static_cast<Index>(tape.arena().bytes_in_use());
  };
  const Index a_step = (bytes(12) - bytes(2)) / 10;
  // The gates, h and c, and a little for nodes and closures; the gradients of h and c reuse those of the next
  // step.
  CHECK(a_step < (4 + 2 + 1) * B * H * 8);
}

}  // namespace regard
