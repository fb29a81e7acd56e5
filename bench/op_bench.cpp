// Times ops and attentions, forward and backward, with the shapes of the model that is compared with PyTorch: 64
// sentences of 14 words, embedding 256, hidden 512, vocabulary 8000. Before a case is timed, its value and its
// gradients in float32 are compared with those in double.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "bench/peak.h"
#include "framework/attention/conformance.h"
#include "framework/autodiff/ops.h"
#include "framework/base/random.h"

namespace regard::bench {
namespace {

constexpr Index B = 64, S = 14, T = 14, E = 256, H = 512, V = 8000;

using Vars = std::vector<Var>;

std::vector<Index> numbers(Index count, Index below, Index shift = 0) {
  std::vector<Index> all;
  for (Index i = 0; i < count; ++i) all.push_back((i * 7919 + shift) % below);
  return all;
}
const std::vector<Index>& lengths() {  // most sentences of a batch are nearly as long as the longest
  static const std::vector<Index> all = [] {
    std::vector<Index> some;
    for (Index b = 0; b < B; ++b) some.push_back(S - b % 3);
    return some;
  }();
  return all;
}
const std::vector<Index>& words() {
  static const std::vector<Index> all = numbers(B * T, V);
  return all;
}
const std::vector<Index>& rows() {
  static const std::vector<Index> all = numbers(B * T, B * T, 3);
  return all;
}
const std::vector<Index>& sentences() {
  static const std::vector<Index> all = numbers(B, 29000);
  return all;
}

// A function of inputs of one element type, with memory for all of them.
class Problem {
 public:
  Problem(DType type, std::vector<Shape> shapes, std::function<Var(const Vars&)> op)
      : shapes_(std::move(shapes)), op_(std::move(op)), tape_(type) {
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      values_.push_back(tensor(shapes_[i], static_cast<Index>(i)));
      grads_.push_back(tensor(shapes_[i], 100));
    }
  }

  // Does one forward and one backward pass; dy is always the same random numbers.
  void run() {
    tape_.reset();
    Vars inputs;
    for (std::size_t i = 0; i < shapes_.size(); ++i) inputs.push_back(tape_.leaf(values_[i], grads_[i], false));
    y_ = op_(inputs);
    if (cotangent_.empty()) cotangent_ = tensor(y_.shape(), 200);
    tape_.backward(y_, cotangent_);
  }

  // Returns whether the value and all gradients agree, relative to the largest element of each.
  [[nodiscard]] bool agrees(const Problem& exact, double relative) const {
    if (!near(y_.value(), exact.y_.value(), relative)) return false;
    for (std::size_t i = 0; i < grads_.size(); ++i) {
      if (!near(grads_[i], exact.grads_[i], relative)) return false;
    }
    return true;
  }

 private:
  Tensor tensor(Shape shape, Index seed) {
    const DType type = tape_.type();
    const Tensor made(memory_.allocate(static_cast<std::size_t>(shape.size() * size_of(type))), type, shape);
    const Key key = Key(1, "op bench").with(seed);
    // float32 numbers in both types
    for (Index i = 0; i < made.size(); ++i) made.set(i, static_cast<double>(key.uniform_float(i)) - 0.5);
    return made;
  }
  static bool near(const Tensor& x, const Tensor& exact, double relative) {
    double largest = 0, error = 0;
    for (Index i = 0; i < x.size(); ++i) {
      largest = std::max(largest, std::abs(exact.at(i)));
      error = std::max(error, std::abs(x.at(i) - exact.at(i)));
    }
    return error <= relative * largest;  // false for NaN
  }

  std::vector<Shape> shapes_;
  std::function<Var(const Vars&)> op_;
  Arena memory_;
  Tape tape_;
  std::vector<Tensor> values_, grads_;
  Tensor cotangent_;
  Var y_;
};

void time_problem(benchmark::State& state, Problem& exact, Problem& problem) {
  exact.run();
  problem.run();
  if (!problem.agrees(exact, 1e-4)) return state.SkipWithError("the result is wrong");
  double best = 1e9;
  for ([[maybe_unused]] auto _ : state) {
    const double begin = seconds();
    problem.run();
    best = std::min(best, seconds() - begin);
  }
  state.counters["best us"] = best * 1e6;
}

struct Op {
  const char* name;
  std::vector<Shape> shapes;
  std::function<Var(const Vars&)> function;
};

// The score of five ops in docs/attention.md: c tanh(h_t^T W h_s / c), with W [H, H].
class OwnScore final : public attention::Score {
 public:
  explicit OwnScore(Var W) : W_(W) {}
  static Var keys(Var h_s, Var W) { return matmul_nt(h_s, W); }
  static Var energies(Var h, Var keys) { return scale(tanh(scale(batched_matmul_nt(h, keys), 1.0 / 10)), 10); }
  Var project(const attention::Source& source) const override { return keys(source.h_s, W_); }
  Var score(const attention::Query& query, Var keys, const attention::Source&) const override {
    return energies(query.h, keys);
  }

 private:
  Var W_;
};

// That score through attend(), and the same ops called one after the other.
Var through_attend(const Vars& x) {
  const attention::Source source = attention::source_of(x[1], lengths());
  const attention::AttentionPtr whole = attention::from_score(std::make_unique<OwnScore>(x[2]));
  return whole->attend({x[0], {}}, whole->prepare(source), whole->start(source), source).context;
}
Var by_hand(const Vars& x) {
  const Var h_s = zero_padding(x[1], lengths());
  const Var energies = OwnScore::energies(x[0], OwnScore::keys(h_s, x[2]));
  return batched_matmul(softmax(energies, lengths()), h_s);
}

std::vector<Op> ops() {
  const Shape states{B, T, H}, energies{B, T, S};
  return {
      {"matmul", {{B * T, H}, {H, 4 * H}}, [](const Vars& x) { return matmul(x[0], x[1]); }},
      {"matmul_nt", {{B * T, H}, {4 * H, H}}, [](const Vars& x) { return matmul_nt(x[0], x[1]); }},
      {"affine", {{B * T, E}, {4 * H, E}, {4 * H}}, [](const Vars& x) { return affine(x[0], x[1], x[2]); }},
      {"batched_matmul", {energies, {B, S, H}}, [](const Vars& x) { return batched_matmul(x[0], x[1]); }},
      {"batched_matmul_nt", {states, {B, S, H}}, [](const Vars& x) { return batched_matmul_nt(x[0], x[1]); }},
      {"add", {states, states}, [](const Vars& x) { return add(x[0], x[1]); }},
      {"mul", {states, states}, [](const Vars& x) { return mul(x[0], x[1]); }},
      {"tanh", {states}, [](const Vars& x) { return tanh(x[0]); }},
      {"sigmoid", {states}, [](const Vars& x) { return sigmoid(x[0]); }},
      {"sum", {states}, [](const Vars& x) { return sum(x[0]); }},
      {"concat", {states, states}, [](const Vars& x) { return concat(x[0], x[1]); }},
      {"slice_time", {states}, [](const Vars& x) { return slice_time(x[0], 3, 1); }},
      {"embedding",
       {{V, E}},
       [](const Vars& x) {
         return embedding(x[0], words(), {B, T});
       }},
      {"gather_rows", {{B * T, H}}, [](const Vars& x) { return gather_rows(x[0], rows()); }},
      {"softmax", {energies}, [](const Vars& x) { return softmax(x[0], lengths()); }},
      {"additive_energies",
       {states, {B, S, H}, {H}},
       [](const Vars& x) { return additive_energies(x[0], x[1], x[2]); }},
      {"dropout", {states}, [](const Vars& x) { return dropout(x[0], 0.3, Key(1, "dropout"), sentences()); }},
      {"layer_norm", {states, {H}, {H}}, [](const Vars& x) { return layer_norm(x[0], x[1], x[2]); }},
      {"lstm",
       {{B, S, E}, {4 * H, E}, {4 * H, H}, {4 * H}},
       [](const Vars& x) {
         return lstm(x[0], lengths(), {x[1], x[2], x[3]}, {}, {})[0];
       }},
      {"lstm_cell",
       {{B, 4 * H}, {4 * H, H}, {B, H}, {B, H}},
       [](const Vars& x) { return lstm_cell(x[0], x[1], x[2], x[3])[0]; }},
      {"lstm_cell, fed",
       {{B, T, 4 * H}, {4 * H, H}, {B, H}, {B, H}, {B, H}, {4 * H, H}},
       [](const Vars& x) {
         CellInput input(x[0], T / 2);
         input.fed[0] = {x[4], x[5]};
         return lstm_cell(input, x[1], x[2], x[3])[0];
       }},
      {"cross_entropy", {{B * T, V}}, [](const Vars& x) { return cross_entropy(x[0], words()); }},
      {"output_loss",
       {{B * T, H}, {V, H}, {V}},
       [](const Vars& x) { return output_loss(x[0], x[1], x[2], words()); }},
      {"a user's score by attend()", {states, {B, S, H}, {H, H}}, through_attend},
      {"a user's score op by op", {states, {B, S, H}, {H, H}}, by_hand},
  };
}

// An attention with parameters of one element type.
class AttentionProblem {
 public:
  AttentionProblem(DType type, const attention::Variant& variant, const config::Options& options)
      : store_(type, 1),
        attention_(attention::make_attention(variant, {H, H}, options, nn::Params(store_).scope("attention"))),
        problem_(type, {{B, T, H}, {B, S, H}}, [this](const Vars& x) { return look(x[0], x[1]); }) {}
  Problem& operator*() { return problem_; }

 private:
  // Returns the context of all T positions: computed at once if the variant can do so, otherwise one after the
  // other.
  Var look(Var h, Var h_s) {
    const attention::Source source = attention::source_of(h_s, lengths());
    const Var prepared = attention_->prepare(source);
    attention::State state = attention_->start(source);
    if (attention_->whole_sequence()) return attention_->attend({h, positions()}, prepared, state, source).context;
    Vars contexts;
    for (Index step = 0; step < T; ++step) {
      const auto at = positions().subspan(static_cast<std::size_t>(step), 1);
      const auto attended = attention_->attend({slice_time(h, step, 1), at}, prepared, state, source);
      contexts.push_back(attended.context);
      state = attended.next;
    }
    return concat_time(contexts);
  }
  static std::span<const Index> positions() {
    static const std::vector<Index> all = [] {
      std::vector<Index> some;
      for (Index t = 0; t < T; ++t) some.push_back(t);
      return some;
    }();
    return all;
  }

  nn::ParamStore store_;
  attention::AttentionPtr attention_;
  Problem problem_;
};

// Returns the options that differ from the variant's defaults, such as " keys=identity".
std::string chosen(const attention::Variant& variant, const config::Options& options) {
  const config::Options standard = config::defaults(variant.options);
  std::string text;
  for (std::size_t i = 0; i < options.entries().size(); ++i) {
    const std::string value = config::to_node(options.entries()[i].value).scalar;
    if (value == config::to_node(standard.entries()[i].value).scalar) continue;
    text += " " + options.entries()[i].name + "=" + value;
  }
  return text;
}

const bool registered = [] {
  for (const Op& op : ops()) {
    benchmark::RegisterBenchmark((std::string("op/") + op.name).c_str(),
                                 [op](benchmark::State& state) {
                                   Problem exact(DType::f64, op.shapes, op.function);
                                   Problem problem(DType::f32, op.shapes, op.function);
                                   time_problem(state, exact, problem);
                                 })
        ->UseRealTime()
        ->MinTime(0.1)
        ->Unit(benchmark::kMicrosecond);
  }
  for (const attention::Variant* variant : attention::variants().entries()) {
    for (const config::Options& options : attention::options_to_try(*variant)) {
      benchmark::RegisterBenchmark(("attention/" + variant->name + chosen(*variant, options)).c_str(),
                                   [variant, options](benchmark::State& state) {
                                     AttentionProblem exact(DType::f64, *variant, options);
                                     AttentionProblem problem(DType::f32, *variant, options);
                                     time_problem(state, *exact, *problem);
                                   })
          ->UseRealTime()
          ->MinTime(0.1)
          ->Unit(benchmark::kMicrosecond);
    }
  }
  return true;
}();

}  // namespace
}  // namespace regard::bench
