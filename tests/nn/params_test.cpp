#include "framework/nn/params.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "framework/autodiff/ops.h"
#include "framework/nn/layers.h"
#include "tests/support/catch.h"
#include "tests/support/toy.h"

namespace regard::nn {
namespace {

using testing::bytes_of;

std::vector<double> numbers(const Tensor& tensor) {
  std::vector<double> all;
  for (Index i = 0; i < tensor.size(); ++i) all.push_back(tensor.at(i));
  return all;
}

}  // namespace

TEST_CASE("params: a name is its path and the order is that of creation") {
  ParamStore store(DType::f32, 1);
  Params root(store);
  const Params decoder = root.scope("decoder");
  decoder.scope("attention").add("W_a", {2, 3});
  root.add("b", {4}, zeros);
  REQUIRE(store.all().size() == 2);
  CHECK(store.all()[0].name() == "decoder/attention/W_a");
  CHECK(store.all()[1].name() == "b");
  CHECK(store.count() == 10);
  CHECK(store.find("b") == &store.all()[1]);
  CHECK(store.find("c") == nullptr);
}

TEST_CASE("params: gradients are adjacent in memory") {
  ParamStore store(DType::f32, 1);
  Params root(store);
  const Param& a = root.add("a", {1000, 512});
  const Param& b = root.add("b", {1000, 512});
  CHECK(b.grad().raw() == static_cast<float*>(a.grad().raw()) + a.grad().size());
}

TEST_CASE("params: a name given twice is refused") {
  ParamStore store(DType::f32, 1);
  Params(store).scope("a").add("W", {2});
  CHECK_THROWS_WITH(store.add("a/W", {2}, zeros), "parameter 'a/W' is added twice");
}

TEST_CASE("params: initial values depend only on the seed and the path") {
  ParamStore one(DType::f32, 1);
  one.add("first", {5}, small_uniform);
  one.add("x/W", {3, 4}, small_uniform);
  ParamStore other(DType::f32, 1);
  other.add("x/W", {3, 4}, small_uniform);
  ParamStore seeded(DType::f32, 2);
  seeded.add("x/W", {3, 4}, small_uniform);
  const std::string bytes = bytes_of(one.find("x/W")->value());
  CHECK(bytes_of(other.find("x/W")->value()) == bytes);
  CHECK(bytes_of(seeded.find("x/W")->value()) != bytes);
  CHECK(bytes_of(one.find("first")->value()) != bytes.substr(0, 20));
}

TEST_CASE("params: gradients of several backward passes add up and start at zero for the next update") {
  ParamStore store(DType::f64, 1);
  const Param& w = store.add("w", {2}, ones);
  Tape tape(DType::f64);
  const auto backward = [&](double factor) {
    tape.reset();
    tape.backward(sum(scale(w.on(tape), factor)));
    store.finish_backward(tape);
  };
  store.begin_update();
  backward(2);
  backward(3);
  CHECK(numbers(w.grad()) == std::vector<double>{5, 5});
  store.begin_update();
  backward(7);
  CHECK(numbers(w.grad()) == std::vector<double>{7, 7});
}

TEST_CASE("params: a parameter that a backward pass does not reach has a zero gradient") {
  ParamStore store(DType::f64, 1);
  const Param& used = store.add("used", {1}, ones);
  const Param& unused = store.add("unused", {1}, ones);
  Tape tape(DType::f64);
  store.begin_update();
  tape.backward(sum(mul(used.on(tape), unused.on(tape))));
  store.finish_backward(tape);
  CHECK(unused.grad().at(0) == 1);
  store.begin_update();
  tape.reset();
  tape.backward(sum(used.on(tape)));
  store.finish_backward(tape);
  CHECK(used.grad().at(0) == 1);
  CHECK(unused.grad().at(0) == 0);
}

TEST_CASE("params: a tape at the address of an earlier one gets its own leaves") {
  ParamStore store(DType::f64, 1);
  const Param& a = store.add("a", {1}, ones);
  const Param& b = store.add("b", {1}, ones);
  std::optional<Tape> tape;
  tape.emplace(DType::f64);
  CHECK(sum(add(a.on(*tape), b.on(*tape))).value().at(0) == 2);
  tape.emplace(DType::f64);  // the same address, also in its first step
  store.begin_update();
  const Var once = b.on(*tape);
  CHECK(once.value().raw() == b.value().raw());
  const Var other = a.on(*tape);
  CHECK(other.value().raw() == a.value().raw());
  tape->backward(sum(add(once, add(once, other))));
  store.finish_backward(*tape);
  CHECK(b.grad().at(0) == 2);
  CHECK(a.grad().at(0) == 1);
}

TEST_CASE("params: a parameter that only an earlier tape reached has a zero gradient") {
  ParamStore store(DType::f64, 1);
  const Param& a = store.add("a", {1}, ones);
  const Param& b = store.add("b", {1}, ones);
  std::optional<Tape> tape;
  tape.emplace(DType::f64);
  store.begin_update();
  tape->backward(sum(add(a.on(*tape), b.on(*tape))));
  store.finish_backward(*tape);
  tape.emplace(DType::f64);
  store.begin_update();
  tape->backward(sum(b.on(*tape)));
  store.finish_backward(*tape);
  CHECK(a.grad().at(0) == 0);
  CHECK(b.grad().at(0) == 1);
}

TEST_CASE("params: a parameter has one leaf in a step for any number of uses") {
  ParamStore store(DType::f64, 1);
  const Param& w = store.add("w", {1}, ones);
  Tape tape(DType::f64);
  static_cast<void>(w.on(tape));
  static_cast<void>(w.on(tape));
  CHECK(tape.node_count() == 1);
}

TEST_CASE("initialisers: glorot_uniform fills its range with the right mean and variance") {
  ParamStore store(DType::f64, 1);
  const auto values = numbers(store.add("W", {200, 100}, glorot_uniform).value());
  const double limit = std::sqrt(6.0 / 300.0);
  double sum = 0;
  double squares = 0;
  for (const double v : values) {
    REQUIRE(std::abs(v) <= limit);
    sum += v;
    squares += v * v;
  }
  const auto n = static_cast<double>(values.size());
  CHECK(std::abs(sum / n) < 4 * limit / std::sqrt(3 * n));
  CHECK(squares / n == Approx(limit * limit / 3).epsilon(0.03));
}

TEST_CASE("initialisers: the length of a word vector does not depend on the number of words") {
  for (const Index words : {100, 3000}) {
    ParamStore store(DType::f64, 1);
    const Embedding embedding(words, 48, Params(store));
    double squares = 0;
    for (const double v : numbers(embedding.matrix().value())) squares += v * v;
    CHECK(squares / static_cast<double>(words) == Approx(1).epsilon(0.05));
  }
  ParamStore store(DType::f64, 1, {.matrices = glorot_uniform, .lookups = small_uniform});
  const auto values = numbers(Embedding(3000, 48, Params(store)).matrix().value());
  CHECK(*std::max_element(values.begin(), values.end()) == Approx(0.08).epsilon(0.01));
}

TEST_CASE("initialisers: small_uniform stays within 0.08") {
  ParamStore store(DType::f32, 1);
  const auto values = numbers(store.add("W", {50, 50}, small_uniform).value());
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  CHECK(*least >= -0.0800001);
  CHECK(*least < -0.079);
  CHECK(*most <= 0.0800001);
  CHECK(*most > 0.079);
}

TEST_CASE("initialisers: zeros and ones and the LSTM bias with its forget gate have their values") {
  ParamStore store(DType::f32, 1);
  CHECK(numbers(store.add("z", {3}, zeros).value()) == std::vector<double>{0, 0, 0});
  CHECK(numbers(store.add("o", {3}, ones).value()) == std::vector<double>{1, 1, 1});
  CHECK(numbers(store.add("b", {8}, lstm_bias).value()) == std::vector<double>{0, 0, 1, 1, 0, 0, 0, 0});
}

}  // namespace regard::nn
