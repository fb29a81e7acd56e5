#include "framework/attention/conformance_trial.h"

#include <cmath>
#include <limits>

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using attention::Inputs;
using attention::Outputs;
using attention::Trial;
using Lengths = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Trial general(std::uint64_t seed = 1, std::uint64_t params_seed = 2) {
  const auto& variant = attention::variants().at("general");
  return {variant, {3, 2, 5, 13, 15}, config::defaults(variant.options), DType::f64, false, seed, params_seed};
}

Outputs outputs(const std::vector<double>& context, const std::vector<double>& weights) {
  const auto part = [](const char* name, const std::vector<double>& values) {
    return Outputs::Part{name, {1, static_cast<Index>(values.size())}, values};
  };
  return {{part("context", context), part("weights", weights)}};
}

std::vector<std::string> names(const Outputs& outputs) {
  std::vector<std::string> all;
  for (const auto& part : outputs.parts) all.push_back(part.name);
  return all;
}

}  // namespace

TEST_CASE("conformance_trial: an element is named by its place in each axis") {
  CHECK(attention::place({2, 3, 4}, 0) == "[0, 0, 0]");
  CHECK(attention::place({2, 3, 4}, 23) == "[1, 2, 3]");
  CHECK(attention::place({2, 3, 4}, 13) == "[1, 0, 1]");
}

TEST_CASE(
    "conformance_trial: the first part that differs too much is shown and not a later one that differs more") {
  const Outputs a = outputs({1, 2, 400}, {0.5, 0.5});
  const auto near = attention::difference(a, outputs({1, 2.25, 401}, {0.5, 3}), 0.01);
  CHECK(near.where == "context [0, 1]");
  CHECK(near.error == Approx(0.25 / 2.25));
  CHECK(near.a == 2);
  CHECK(near.b == 2.25);
  CHECK(attention::difference(a, outputs({1, 2.25, 401}, {0.5, 3}), 0.2).where == "weights [0, 1]");
  CHECK(attention::difference(a, a, 0).error == 0);
  CHECK(attention::difference(a, a, 0).where.empty());
}

TEST_CASE("conformance_trial: NaN differs without limit and has the bytes of itself") {
  const Outputs a = outputs({1}, {kNan});
  CHECK(std::isinf(attention::difference(a, a, 1).error));
  CHECK(attention::same_bytes(a, a));
  CHECK_FALSE(attention::same_bytes(a, outputs({1}, {1})));
  CHECK_FALSE(attention::same_bytes(outputs({0.0}, {1}), outputs({-0.0}, {1})));
  CHECK_FALSE(attention::same_bytes(outputs({1}, {1}), outputs({1}, {1, 2})));
}

TEST_CASE("conformance_trial: a number depends on its sentence and position and not on the batch") {
  const Trial trial = general();
  const Inputs both = trial.inputs({2, 4}, 2), longer = trial.inputs({3, 4, 1}, 3);
  CHECK(both.B() == 2);
  CHECK(both.S == 4);
  CHECK(both.h_s.size() == 16);
  CHECK(both.h.size() == 12);
  for (std::size_t i = 0; i < 4; ++i) CHECK(both.h_s[i] == longer.h_s[i]);   // two positions of sentence 0
  for (std::size_t i = 4; i < 8; ++i) CHECK(both.h_s[i] == 0);               // its padding
  for (std::size_t i = 8; i < 16; ++i) CHECK(both.h_s[i] == longer.h_s[i]);  // sentence 1
  for (std::size_t i = 0; i < 6; ++i) CHECK(both.h[6 + i] == longer.h[9 + i]);
  CHECK(general(5).inputs({2}, 1).h_s != trial.inputs({2}, 1).h_s);
  for (const double x : trial.inputs({4}, 4, 0.125).h) CHECK(std::abs(x) <= 0.125);
}

TEST_CASE("conformance_trial: a sentence alone is that of the batch without padding") {
  const Trial trial = general();
  Inputs both = trial.inputs({2, 4}, 2);
  both.first_t = 7;
  const Inputs first = trial.alone(both, 0);
  CHECK(first.sentences == Lengths{0});
  CHECK(first.lengths == Lengths{2});
  CHECK(first.S == 2);
  CHECK(first.first_t == 7);
  CHECK(first.h_s == std::vector<double>(both.h_s.begin(), both.h_s.begin() + 4));
  CHECK(first.h == std::vector<double>(both.h.begin(), both.h.begin() + 6));
  const Inputs second = trial.alone(both, 1);
  CHECK(second.sentences == Lengths{1});
  CHECK(second.h_s == std::vector<double>(both.h_s.begin() + 8, both.h_s.end()));
}

TEST_CASE("conformance_trial: a run gives outputs and the gradients that are wanted") {
  Trial trial = general();
  const Inputs inputs = trial.inputs({2, 3}, 2);
  const Outputs all = trial(inputs);
  CHECK(names(all) ==
        std::vector<std::string>{"context", "weights", "gradient of h_s", "gradient of h", "gradient of W_a"});
  CHECK(all.part("context").shape == Shape{2, 2, 2});
  CHECK(all.part("weights").shape == Shape{2, 2, 3});
  CHECK(all.part("gradient of W_a").shape == Shape{3, 2});
  CHECK(attention::same_bytes(all, trial(inputs)));
  CHECK(names(trial(inputs, {.gradients = false})) == std::vector<std::string>{"context", "weights"});
  CHECK(names(trial(inputs, {.constant_h_s = true, .constant_h = true})) ==
        std::vector<std::string>{"context", "weights", "gradient of W_a"});
  CHECK(internal_error([&] { static_cast<void>(all.part("W_b")); }) == "conformance: no such part of a result");
}

TEST_CASE("conformance_trial: gradients are those of its objective") {
  Trial trial = general();
  Inputs inputs = trial.inputs({2, 3}, 2);
  const double slope = trial(inputs).part("gradient of h").values[4];
  constexpr double kStep = 1e-5;
  inputs.h[4] += kStep;
  const double above = trial.objective(inputs);
  inputs.h[4] -= 2 * kStep;
  CHECK((above - trial.objective(inputs)) / (2 * kStep) == Approx(slope).epsilon(1e-6));
  inputs.h[4] += kStep;
  CHECK(trial(inputs, {.times = 3}).part("gradient of h").values[4] == Approx(3 * slope));
}

TEST_CASE("conformance_trial: fed contexts change every step but the first") {
  Trial trial = general();
  const Inputs inputs = trial.inputs({3}, 3);
  const auto plain = trial(inputs, {.single_steps = true}).part("weights").values;
  const auto fed = trial(inputs, {.feeding = true}).part("weights").values;
  const auto whole = trial(inputs).part("weights").values;
  for (std::size_t i = 0; i < 9; ++i) {
    CHECK(whole[i] == Approx(plain[i]));
    CHECK((fed[i] == plain[i]) == (i < 3));
  }
}

TEST_CASE("conformance_trial: parameters move from what they start as and depend on their own seed") {
  const auto first = [](Trial trial) { return trial.params().all().front().value().at(0); };
  CHECK(first(general(1, 2)) == first(general(9, 2)));
  CHECK(first(general(1, 2)) != first(general(1, 3)));
  nn::ParamStore store(DType::f64, 2);
  const auto& variant = attention::variants().at("general");
  static_cast<void>(
      attention::make_attention(variant, {3, 2}, config::defaults(variant.options), nn::Params(store)));
  const double moved = first(general(1, 2)) - store.all().front().value().at(0);
  CHECK(moved != 0);
  CHECK(std::abs(moved) <= 0.2);
}

TEST_CASE("conformance_trial: context and weights have the shapes that attend promises") {
  Tape tape(DType::f64);
  const auto zeros = [&](Shape shape) { return tape.input(tape.zeros(shape)); };
  const Lengths t{0};
  const attention::Source source{zeros({2, 3, 4}), {}};
  const attention::Query query{zeros({2, 1, 5}), t};
  const auto refused = [&](Var context, Var weights) {
    return shape_error([&] { attention::require_attended({context, weights, {}}, query, source, 4); });
  };
  CHECK(refused(zeros({2, 1, 4}), zeros({2, 1, 3})) == "nothing was thrown");
  CHECK(refused(zeros({2, 1, 5}), zeros({2, 1, 3})) == "attend: context [2, 1, 5] must be [2, 1, 4]");
  CHECK(refused(zeros({2, 1, 4}), zeros({1, 2, 3})) == "attend: weights [1, 2, 3] must be [2, 1, 3]");
  CHECK(refused(zeros({2, 1, 4}), Var()) == "attend: weights (none) must be [2, 1, 3]");
}

}  // namespace regard::testing
