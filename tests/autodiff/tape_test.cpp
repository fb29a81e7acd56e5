#include "framework/autodiff/tape.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "framework/autodiff/ops.h"
#include "framework/base/parallel.h"
#include "framework/tensor/kernels.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::internal_error;
using testing::Leaf;
using testing::thrown;
using testing::values;

// y = 1 * x, which counts how often its closure ran.
Var counted(Var x, int* runs) {
  const Tensor y = x.tape().tensor(x.shape());
  kernels::copy(x.value(), y);
  return x.tape().record("counted", y, Wrt{x, [x, runs](const Tensor& dy) {
                                             ++*runs;
                                             kernels::accumulate(dy, x.grad());
                                           }});
}

// Two outputs, x and 10 x, from one closure that counts.
std::array<Var, 2> twins(Var x, int* runs) {
  Tape& tape = x.tape();
  const Tensor a = tape.tensor(x.shape());
  const Tensor b = tape.tensor(x.shape());
  kernels::copy(x.value(), a);
  kernels::scale(x.value(), 10, b, false);
  return tape.record_many("twins", {x}, std::array{a, b}, [x, runs](const std::array<Var, 2>& out) {
    ++*runs;
    kernels::accumulate(out[0].grad(), x.grad());
    kernels::scale(out[1].grad(), 10, x.grad(), true);
  });
}

}  // namespace

TEST_CASE("tape: a variable used twice receives both gradients") {
  Tape tape(DType::f64);
  const Leaf x({2}, {3, 5});
  const Var v = x.on(tape);
  tape.backward(sum(add(mul(v, v), v)));
  CHECK(values(x.grad()) == std::vector<double>{7, 11});
}

TEST_CASE("tape: a leaf overwrites its gradient or adds to it as requested") {
  const Leaf x({1}, {3});
  for (const bool accumulate : {false, true}) {
    x.grad().set(0, 100);
    Tape tape(DType::f64);
    tape.backward(scale(x.on(tape, accumulate), 2));
    CHECK(x.grad().at(0) == (accumulate ? 102 : 2));
  }
}

TEST_CASE("tape: a leaf that y does not depend on has a zero gradient") {
  const Leaf used({1}, {3});
  const Leaf unused({2}, {1, 2});
  const Leaf added({1}, {1});
  added.grad().set(0, 4);
  Tape tape(DType::f64);
  const Var y = scale(used.on(tape), 2);
  tanh(unused.on(tape));
  added.on(tape, true);
  tape.backward(y);
  CHECK(values(used.grad()) == std::vector<double>{2});
  CHECK(values(unused.grad()) == std::vector<double>{0, 0});
  CHECK(values(added.grad()) == std::vector<double>{4});
  tape.reset();
  used.on(tape);
  tape.backward(tape.input({1}, {1}));
  CHECK(values(used.grad()) == std::vector<double>{0});
}

TEST_CASE("tape: the gradient of a leaf with respect to itself is 1") {
  const Leaf x({1}, {3});
  Tape tape(DType::f64);
  tape.backward(x.on(tape));
  CHECK(values(x.grad()) == std::vector<double>{1});
}

TEST_CASE("tape: backward starts from a given gradient") {
  const Leaf x({2}, {3, 5});
  Tape tape(DType::f64);
  const Var y = scale(x.on(tape), 2);
  tape.backward(y, tape.input({2}, {1, -1}).value());
  CHECK(values(x.grad()) == std::vector<double>{2, -2});
}

TEST_CASE("tape: a closure runs once and only if it is needed") {
  int needed = 0;
  int constant = 0;
  int aside = 0;
  const Leaf x({1}, {3});
  Tape tape(DType::f64);
  const Var v = counted(x.on(tape), &needed);
  const Var c = counted(tape.input({1}, {2}), &constant);
  counted(v, &aside);  // nothing depends on it
  CHECK(v.needs_grad());
  CHECK_FALSE(c.needs_grad());
  tape.backward(mul(add(v, v), c));
  CHECK(needed == 1);
  CHECK(constant == 0);
  CHECK(aside == 0);
  CHECK(values(x.grad()) == std::vector<double>{4});
}

TEST_CASE("tape: several outputs share one closure that runs when any of them is used") {
  for (const std::size_t used : {0u, 1u}) {
    int runs = 0;
    const Leaf x({1}, {3});
    Tape tape(DType::f64);
    const auto out = twins(x.on(tape), &runs);
    CHECK(out[1].value().at(0) == 30);
    tape.backward(scale(out[used], 2));
    CHECK(runs == 1);
    CHECK(x.grad().at(0) == (used == 0 ? 2 : 20));
  }
  int runs = 0;
  const Leaf x({1}, {3});
  Tape tape(DType::f64);
  const auto both = twins(x.on(tape), &runs);
  const auto none = twins(both[0], &runs);
  CHECK(none[0].needs_grad());
  tape.backward(add(both[0], both[1]));
  CHECK(runs == 1);
  CHECK(x.grad().at(0) == 11);
}

TEST_CASE("tape: backward is refused a second time and on a tape that does not record") {
  const Leaf x({1}, {3});
  Tape tape(DType::f64);
  const Var y = scale(x.on(tape), 2);
  tape.backward(y);
  CHECK(internal_error([&] { tape.backward(y); }) == "backward called twice in one step");
  tape.reset();
  CHECK_NOTHROW(tape.backward(scale(x.on(tape), 2)));
  Tape evaluation(DType::f64, Tape::Mode::evaluate);
  CHECK(internal_error([&] { evaluation.backward(evaluation.input({1}, {1})); }) ==
        "backward on a tape that does not record");
}

TEST_CASE("tape: backward refuses gradients of another shape") {
  const Leaf x({2}, {3, 5});
  Tape tape(DType::f64);
  const Var v = x.on(tape);
  CHECK(internal_error([&] { tape.backward(v); }) == "backward without a gradient starts from one number");
  CHECK(internal_error([&] {
          tape.backward(v, tape.zeros({1, 2}));
        }) == "backward's gradient must have the shape of its value");
}

TEST_CASE("tape: a value of an earlier step is refused") {
  Tape tape;
  const Var x = tape.input({1}, {3});
  tape.reset();
  CHECK(tape.step() == 2);
  CHECK(thrown<InternalError>([&] { tanh(x); }) ==
        "a value of step 1 is used in step 2; values live until the tape's reset()");
}

TEST_CASE("tape: an empty Var is refused") {
  CHECK(internal_error([] { tanh(Var()); }) == "an empty Var was used");
  CHECK_FALSE(Var().needs_grad());
}

TEST_CASE("tape: tensors of another element type or shape are refused") {
  Tape tape(DType::f64);
  const Leaf x({1}, {3}, DType::f32);
  const Leaf wide({1}, {3});
  CHECK(internal_error([&] { tape.input(x.value()); }) == "a tensor of another element type was put on the tape");
  CHECK(internal_error([&] { tape.leaf(wide.value(), x.grad(), false); }) ==
        "a leaf's gradient must have the shape and element type of its value");
  CHECK(internal_error([&] { tape.leaf(wide.value(), tape.zeros({2}), false); }) ==
        "a leaf's gradient must have the shape and element type of its value");
  CHECK(internal_error([&] { tape.input({2}, {1}); }) ==
        "an input needs as many values as its shape has elements");
}

TEST_CASE("tape: values of two tapes do not mix") {
  Tape one(DType::f64);
  Tape other(DType::f64);
  const Leaf x({1}, {3});
  CHECK(internal_error([&] { add(one.input({1}, {1}), x.on(other)); }) == "an op was given values of two tapes");
}

TEST_CASE("tape: evaluation records no closures and keeps no gradients") {
  Tape tape(DType::f64, Tape::Mode::evaluate);
  int runs = 0;
  const Leaf x({1}, {3});
  const Var y = counted(x.on(tape), &runs);
  const auto pair = twins(y, &runs);
  CHECK(values(pair[1]) == std::vector<double>{30});
  CHECK_FALSE(y.needs_grad());
  CHECK_FALSE(pair[0].needs_grad());
  CHECK(tape.node_count() == 4);
  CHECK(std::isnan(x.grad().at(0)));
}

TEST_CASE("tape: weight gradients delayed until the end equal the sum of the steps") {
  const Leaf W(DType::f64, {3, 2}, 1);
  std::vector<Leaf> dys;
  std::vector<Leaf> xs;
  std::vector<double> expected(6, 0);
  for (Index step = 0; step < 4; ++step) {
    const Index m = step == 2 ? 0 : step + 1;
    const auto& dy = dys.emplace_back(DType::f64, Shape{m, 3}, 10 + static_cast<std::uint64_t>(step));
    const auto& x = xs.emplace_back(DType::f64, Shape{m, 2}, 20 + static_cast<std::uint64_t>(step));
    for (Index row = 0; row < m; ++row) {
      for (Index i = 0; i < 6; ++i) {
        expected[static_cast<std::size_t>(i)] += dy.value().at(row * 3 + i / 2) * x.value().at(row * 2 + i % 2);
      }
    }
  }
  for (const bool computed : {false, true}) {
    Tape tape(DType::f64);
    const Var leaf = W.on(tape);
    const Var weights = computed ? add_number(leaf, 0) : leaf;
    Var total = tape.input({1}, {0});
    for (std::size_t step = 0; step < 4; ++step) {
      total =
          add(total, sum(mul(matmul_nt(tape.input(xs[step].value()), weights), tape.input(dys[step].value()))));
    }
    tape.backward(total);
    CHECK(differs(W.grad(), expected) == "");
  }
}

TEST_CASE("tape: a delayed weight gradient adds to the gradient of an accumulating leaf") {
  const Leaf W({1, 1}, {1});
  W.grad().set(0, 100);
  Tape tape(DType::f64);
  const Var w = W.on(tape, true);
  const Var x = tape.input({1, 1}, {3});
  tape.backward(sum(add(add(matmul_nt(x, w), matmul_nt(x, w)), tanh(scale(w, 0)))));
  CHECK(values(W.grad()) == std::vector<double>{106});
}

TEST_CASE("tape: weight gradients of wrong shapes are refused") {
  const Leaf W({3, 2}, {1, 2, 3, 4, 5, 6});
  Tape tape(DType::f64);
  const Var w = W.on(tape);
  CHECK(internal_error([&] {
          tape.add_weight_grad(w, tape.zeros({4, 2}), tape.zeros({4, 3}));
        }) == "a weight gradient's shapes do not fit");
  CHECK(internal_error([&] {
          tape.add_weight_grad(w, tape.zeros({4, 3}), tape.zeros({5, 2}));
        }) == "a weight gradient's shapes do not fit");
}

TEST_CASE("tape: the first op with a result that is not finite is named") {
  Tape tape;
  const Var x = tape.input({1, 2}, {1, 300});
  CHECK(tape.first_non_finite() == "");
  sqrt(exp(x));
  CHECK(tape.first_non_finite() == "'exp' [1, 2]");
  tape.reset();
  tape.input({2}, {1, std::numeric_limits<double>::quiet_NaN()});
  CHECK(tape.first_non_finite() == "'input' [2]");
}

TEST_CASE("tape: memory is uninitialised or zero and integers are copied") {
  Tape tape;
  CHECK(tape.tensor({2, 3}).shape() == Shape{2, 3});
  CHECK(values(tape.zeros({2})) == std::vector<double>{0, 0});
  std::vector<Index> ids{1, 2, 3};
  const auto kept = tape.copy(std::span<const Index>(ids));
  ids[0] = 9;
  CHECK(std::vector<Index>(kept.begin(), kept.end()) == std::vector<Index>{1, 2, 3});
  CHECK(tape.allocate_span<double>(5).size() == 5);
}

TEST_CASE("tape: results have the same bytes for any number of threads") {
  constexpr Index B = 24;
  constexpr Index T = 18;
  constexpr Index E = 48;
  constexpr Index H = 40;
  constexpr Index V = 700;
  const std::vector<Shape> shapes{{V, E}, {4 * H, E}, {4 * H, H}, {4 * H}, {H, H}, {H, H}, {H}, {V, H}, {V}};
  std::vector<Leaf> leaves;
  for (std::size_t i = 0; i < shapes.size(); ++i) leaves.emplace_back(DType::f32, shapes[i], i, -0.3, 0.3);
  std::vector<Index> ids;
  std::vector<Index> lengths;
  std::vector<Index> sentences;
  for (Index b = 0; b < B; ++b) {
    lengths.push_back(1 + (b * 7) % T);
    sentences.push_back(b);
    for (Index t = 0; t < T; ++t) ids.push_back((b * 31 + t * 17) % V);
  }
  const auto run = [&] {
    Tape tape;
    std::vector<Var> in;
    for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
    const Var x = dropout(embedding(in[0], ids, {B, T}), 0.2, Key(1, "dropout"), sentences);
    const auto [h, h_n, c_n] = lstm(x, lengths, {in[1], in[2], in[3]}, Var(), Var());
    const Var keys = matmul(h, in[4]);
    const Var query = matmul_nt(add(h, reshape(h_n, {B, 1, H})), in[5]);
    const Var energies = add(batched_matmul_nt(query, keys), additive_energies(query, keys, in[6]));
    const Var weights = softmax(energies, lengths);
    const Var context = batched_matmul(weights, zero_padding(h, lengths));
    const Var readout = tanh(mul(add(context, h), sum_last(context)));
    const Var loss = add(output_loss(readout, in[7], in[8], ids, 0.1), sum(mul(c_n, c_n)));
    tape.backward(loss);
    std::vector<float> bytes{loss.value().data<float>()[0]};
    for (const Leaf& leaf : leaves) {
      const float* const grad = leaf.grad().data<float>();
      bytes.insert(bytes.end(), grad, grad + leaf.grad().size());
    }
    return bytes;
  };
  const int before = threads();
  set_threads(1);
  const std::vector<float> one = run();
  CHECK(std::all_of(one.begin(), one.end(), [](float v) { return std::isfinite(v); }));
  for (const int count : {2, 3, 4}) {
    set_threads(count);
    const std::vector<float> many = run();
    CHECK(std::memcmp(one.data(), many.data(), one.size() * sizeof(float)) == 0);
  }
  set_threads(before);
}

TEST_CASE("tape: a view of a value does not change with later ops") {
  Tape tape;
  const Var x = tape.input(tape.zeros({3, 4}));
  const auto& shape = x.shape();
  const auto& value = x.value();
  const float* const numbers = value.data<float>();
  Var y = x;
  for (int i = 0; i < 5000; ++i) y = add_number(y, 1);  // the tape's own lists grow and move
  CHECK(shape == Shape{3, 4});
  CHECK(value.shape() == Shape{3, 4});
  CHECK(value.data<float>() == numbers);
  static_assert(!std::is_reference_v<decltype(x.shape())> && !std::is_reference_v<decltype(x.value())>);
}

}  // namespace regard
