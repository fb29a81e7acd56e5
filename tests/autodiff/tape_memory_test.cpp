// How a step passes its memory on: gradients that take over others' memory, that are computed early, and scratch.
#include "framework/autodiff/ops.h"
#include "framework/autodiff/tape.h"
#include "framework/tensor/kernels.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {

using testing::internal_error;
using testing::Leaf;
using testing::values;

TEST_CASE("tape: an element-wise op's gradient takes over the memory of the one it came from") {
  Tape tape(DType::f64);
  const Leaf x({4}, {1, 2, 3, 4});
  Tensor dx, dy;
  // y = 3 x by way of an inner value
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

TEST_CASE("tape: a gradient computed before backward lies in its leaf and mixes with all others") {
  Tape tape(DType::f64);
  const Leaf x({2}, {3, 5});
  const Var v = x.on(tape);
  std::vector<const void*> places;
  // The sum of squares; 2 x is computed at once.
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

TEST_CASE("tape: a scratch gives its memory back and refuses gradients that would lie in it") {
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

TEST_CASE("tape: a cell that is fed holds one array of gates a step") {
  constexpr Index B = 16, H = 32;
  // Bytes in use after forward and backward of T steps, each fed with the state before.
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
  // The gates, h and c with their gradients, and a little for nodes and closures.
  CHECK(a_step < (4 + 4 + 1) * B * H * 8);
}

}  // namespace regard
