#pragma once
// The parts of the broken variants: a variant made from a lambda, and ops as a user could write them.
#include <cmath>
#include <memory>
#include <vector>

#include "framework/attention/registry.h"

namespace regard::testing::broken {

using attention::Attended;
using attention::Query;
using attention::Sizes;
using attention::Source;
using attention::State;
using attention::Variant;

// h^T h_s, for equal sizes.
inline Var energies_of(const Query& query, const Source& source) { return batched_matmul_nt(query.h, source.h_s); }

template <class F>
class FromScore final : public attention::Score {
 public:
  explicit FromScore(F score) : score_(std::move(score)) {}
  Var score(const Query& query, Var, const Source& source) const override { return score_(query, source); }

 private:
  F score_;
};

template <class F>
class FromAttend final : public attention::Attention {
 public:
  FromAttend(F attend, bool whole) : attend_(std::move(attend)), whole_(whole) {}
  State start(const Source& source) const override {
    if (whole_) return {};
    Tape& tape = source.h_s.tape();
    State state;
    state.rows[0] = tape.input(tape.zeros({source.h_s.shape()[0], source.h_s.shape()[1]}));
    state.count = 1;
    return state;
  }
  Attended attend(const Query& query, Var, const State& state, const Source& source) const override {
    return attend_(query, state, source);
  }
  bool whole_sequence() const override { return whole_; }

 private:
  F attend_;
  bool whole_;
};

template <class F>
inline Variant score_variant(const char* name, F score) {
  Variant variant{.name = name, .summary = "for a test", .equation = "(none)"};
  variant.make = [score](Sizes, const config::Options&, nn::Params&) -> attention::ScorePtr {
    return std::make_unique<FromScore<F>>(score);
  };
  return variant;
}
// `attend` of the attention interface; if not `whole`, with a state [N, S] that starts as zeros.
template <class F>
inline Variant wide_variant(const char* name, bool whole, F attend) {
  Variant variant{.name = name, .summary = "for a test", .equation = "(none)"};
  variant.make_attention = [attend, whole](Sizes, const config::Options&, nn::Params&) -> attention::AttentionPtr {
    return std::make_unique<FromAttend<F>>(attend, whole);
  };
  return variant;
}

// A user's op: y = x^3. With `right` its gradient is 3 x^2, otherwise 2 x^2. With `adds` false it overwrites.
inline Var cube(Var x, bool right, bool adds) {
  const Tensor y = x.tape().tensor(x.shape());
  for (Index i = 0; i < y.size(); ++i) y.set(i, std::pow(x.value().at(i), 3));
  return x.tape().record("cube", y, Wrt{x, [x, right, adds](const Tensor& dy) {
                                          const Tensor dx = x.grad();
                                          for (Index i = 0; i < dx.size(); ++i) {
                                            const double slope = (right ? 3 : 2) * std::pow(x.value().at(i), 2);
                                            dx.set(i, (adds ? dx.at(i) : 0) + dy.at(i) * slope);
                                          }
                                        }});
}

// The same, but its backward reads the input of the latest call, which belongs to another step if there are
// several.
inline Var cube_of_latest(Var x, Tensor* latest) {
  const Tensor y = x.tape().tensor(x.shape());
  for (Index i = 0; i < y.size(); ++i) y.set(i, std::pow(x.value().at(i), 3));
  *latest = x.value();
  return x.tape().record("cube", y, Wrt{x, [x, latest](const Tensor& dy) {
                                          const Tensor dx = x.grad();
                                          for (Index i = 0; i < dx.size(); ++i) {
                                            dx.set(i, dx.at(i) + dy.at(i) * 3 * std::pow(latest->at(i), 2));
                                          }
                                        }});
}

// y = 2 x; its backward does nothing if `other` needs no gradient.
inline Var twice_if(Var x, Var other) {
  const Tensor y = x.tape().tensor(x.shape());
  for (Index i = 0; i < y.size(); ++i) y.set(i, 2 * x.value().at(i));
  return x.tape().record("twice", {x, other}, y, [x, other](const Tensor& dy) {
    if (!x.needs_grad() || !other.needs_grad()) return;
    const Tensor dx = x.grad();
    for (Index i = 0; i < dx.size(); ++i) dx.set(i, dx.at(i) + 2 * dy.at(i));
  });
}

// Returns a constant [B, 1, 1] or [1, T, 1] or [1, 1, S] with these elements.
template <class F>
inline Var constant(Tape& tape, Shape shape, F element) {
  const Tensor tensor = tape.tensor(shape);
  for (Index i = 0; i < tensor.size(); ++i) tensor.set(i, element(i));
  return tape.input(tensor);
}
inline Index length_at(const Source& source, Index b) { return source.lengths[static_cast<std::size_t>(b)]; }

inline Attended finish(Var weights, const Source& source) { return {context_of(weights, source), weights, {}}; }

// Returns [B, 1, S]: 1 on a sentence's own positions, 0 on padding.
inline Var mask(const Source& source) {
  const Index S = source.h_s.shape()[1];
  return constant(source.h_s.tape(), {source.h_s.shape()[0], 1, S},
                  [&](Index i) { return i % S < length_at(source, i / S) ? 1 : 0; });
}

// A wrong gradient after a parameter that starts at 0.
class BehindZero final : public attention::Score {
 public:
  explicit BehindZero(nn::Params& params) : w_(params.add("w", {1}, nn::zeros)) {}
  Var score(const Query& query, Var, const Source& source) const override {
    const Var wrong = mul(cube(query.h, false, true), w_.on(query.h.tape()));
    return energies_of({add(query.h, wrong), query.t}, source);
  }

 private:
  const nn::Param& w_;
};
inline Variant behind_zero() {
  Variant variant{.name = "behind_zero", .summary = "for a test", .equation = "(none)"};
  variant.make = [](Sizes, const config::Options&, nn::Params& params) -> attention::ScorePtr {
    return std::make_unique<BehindZero>(params);
  };
  return variant;
}

// Dot whose prepare() returns `prepare` of h_s; `restore` undoes it.
template <class P, class R>
class Prepared final : public attention::Attention {
 public:
  Prepared(P prepare, R restore) : prepare_(std::move(prepare)), restore_(std::move(restore)) {}
  Var prepare(const Source& source) const override { return prepare_(source.h_s); }
  Attended attend(const Query& query, Var prepared, const State&, const Source& source) const override {
    const Var keys = restore_(prepared, source.h_s.shape());
    return finish(softmax(batched_matmul_nt(query.h, keys), source.lengths), source);
  }
  bool whole_sequence() const override { return true; }

 private:
  P prepare_;
  R restore_;
};
template <class P, class R>
inline Variant prepared_variant(const char* name, P prepare, R restore) {
  Variant variant{.name = name, .summary = "for a test", .equation = "(none)"};
  variant.make_attention = [=](Sizes, const config::Options&, nn::Params&) -> attention::AttentionPtr {
    return std::make_unique<Prepared<P, R>>(prepare, restore);
  };
  return variant;
}

// Keys of all sentences as one matrix, whose rows are not sentences.
inline Variant flat_variant() {
  return prepared_variant(
      "flat",
      [](Var h_s) {
        return reshape(h_s, {h_s.shape()[0] * h_s.shape()[1], h_s.shape()[2]});
      },
      [](Var prepared, const Shape& shape) { return reshape(prepared, shape); });
}

// Sentences in reverse order: right as long as all are there.
inline Variant swapped_variant() {
  const auto turn = [](Var x) {
    std::vector<Index> rows;
    for (Index b = x.shape()[0]; b-- > 0;) rows.push_back(b);
    return gather_rows(x, rows);
  };
  return prepared_variant(
      "swapped", [turn](Var h_s) { return slice_last(turn(h_s), 0, h_s.shape()[2]); },
      [turn](Var prepared, const Shape&) { return turn(prepared); });
}

}  // namespace regard::testing::broken
