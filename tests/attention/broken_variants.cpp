#include "tests/attention/broken_variants.h"

#include <cmath>

#include "framework/base/parallel.h"

namespace regard::testing {
namespace {

using attention::Attended;
using attention::Query;
using attention::Sizes;
using attention::Source;
using attention::State;
using attention::Variant;

// h^T h_s, for equal sizes.
Var energies_of(const Query& query, const Source& source) { return batched_matmul_nt(query.h, source.h_s); }

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
Variant score_variant(const char* name, F score) {
  Variant variant{.name = name, .summary = "for a test", .equation = "(none)"};
  variant.make = [score](Sizes, const config::Options&, nn::Params&) -> attention::ScorePtr {
    return std::make_unique<FromScore<F>>(score);
  };
  return variant;
}
// `attend` of the wide interface; if not `whole`, with a state [N, S] that starts as zeros.
template <class F>
Variant wide_variant(const char* name, bool whole, F attend) {
  Variant variant{.name = name, .summary = "for a test", .equation = "(none)"};
  variant.make_wide = [attend, whole](Sizes, const config::Options&, nn::Params&) -> attention::AttentionPtr {
    return std::make_unique<FromAttend<F>>(attend, whole);
  };
  return variant;
}

// An op of a user's own: y = x^3. `right` is its gradient 3 x^2; otherwise 2 x^2. With `adds` false it overwrites.
Var cube(Var x, bool right, bool adds) {
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

// A constant [B, 1, 1] or [1, T, 1] or [1, 1, S] from its elements.
template <class F>
Var constant(Tape& tape, Shape shape, F element) {
  const Tensor tensor = tape.tensor(shape);
  for (Index i = 0; i < tensor.size(); ++i) tensor.set(i, element(i));
  return tape.input(tensor);
}
Index length_at(const Source& source, Index b) { return source.lengths[static_cast<std::size_t>(b)]; }

Attended finish(Var weights, const Source& source) { return {context_of(weights, source), weights, {}}; }

// 1 on a sentence's own positions, 0 on padding: [B, 1, S].
Var mask(const Source& source) {
  const Index S = source.h_s.shape()[1];
  return constant(source.h_s.tape(), {source.h_s.shape()[0], 1, S},
                  [&](Index i) { return i % S < length_at(source, i / S) ? 1 : 0; });
}

// A wrong gradient behind a parameter that starts at 0.
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
Variant behind_zero() {
  Variant variant{.name = "behind_zero", .summary = "for a test", .equation = "(none)"};
  variant.make = [](Sizes, const config::Options&, nn::Params& params) -> attention::ScorePtr {
    return std::make_unique<BehindZero>(params);
  };
  return variant;
}

// Dot, whose prepare() returns what `prepare` makes of h_s, and which undoes it with `restore`.
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
Variant prepared_variant(const char* name, P prepare, R restore) {
  Variant variant{.name = name, .summary = "for a test", .equation = "(none)"};
  variant.make_wide = [=](Sizes, const config::Options&, nn::Params&) -> attention::AttentionPtr {
    return std::make_unique<Prepared<P, R>>(prepare, restore);
  };
  return variant;
}

// Keys of all sentences as one matrix: its rows are no sentences.
Variant flat_variant() {
  return prepared_variant(
      "flat",
      [](Var h_s) {
        return reshape(h_s, {h_s.shape()[0] * h_s.shape()[1], h_s.shape()[2]});
      },
      [](Var prepared, const Shape& shape) { return reshape(prepared, shape); });
}

// Sentences in the opposite order: right as long as all are there.
Variant swapped_variant() {
  const auto turn = [](Var x) {
    std::vector<Index> rows;
    for (Index b = x.shape()[0]; b-- > 0;) rows.push_back(b);
    return gather_rows(x, rows);
  };
  return prepared_variant(
      "swapped", [turn](Var h_s) { return slice_last(turn(h_s), 0, h_s.shape()[2]); },
      [turn](Var prepared, const Shape&) { return turn(prepared); });
}

}  // namespace

Variant covering() {
  return wide_variant("covering", false, [](const Query& query, const State& state, const Source& source) {
    const Shape& h = query.h.shape();
    const Index S = source.h_s.shape()[1];
    const Var covered = reshape(state.rows[0], {h[0], h[1], S});
    const Var weights = softmax(sub(energies_of(query, source), covered), source.lengths);
    Attended attended = finish(weights, source);
    attended.next.rows[0] = reshape(add(covered, weights), {h[0] * h[1], S});
    attended.next.count = 1;
    return attended;
  });
}

Variant decaying() {
  Variant variant = wide_variant("decaying", true, [](const Query& query, const State&, const Source& source) {
    const Index S = source.h_s.shape()[1];
    const Var window =
        constant(source.h_s.tape(), {1, 1, S}, [](Index s) { return std::exp(-0.1 * static_cast<double>(s)); });
    return finish(mul(softmax(energies_of(query, source), source.lengths), window), source);
  });
  variant.content_based = false;
  variant.normalised = false;
  return variant;
}

std::vector<Broken> broken_variants() {
  std::vector<Broken> all;
  all.push_back({wide_variant("unmasked", true,
                              [](const Query& query, const State&, const Source& source) {
                                return finish(softmax(energies_of(query, source)), source);
                              }),
                 "weights", "weights [#, #, #] is #, but the sentence has # positions: mask by source.lengths"});
  all.push_back({score_variant("wrong_gradient",
                               [](const Query& query, const Source& source) {
                                 return energies_of({cube(query.h, false, true), query.t}, source);
                               }),
                 "gradients",
                 "the gradient of h at [#, #, #] is #, but central differences give # (relative error #, allowed "
                 "#): look at the backward of the ops that lead there"});
  all.push_back({score_variant("overwrites",
                               [](const Query& query, const Source& source) {
                                 return energies_of({cube(query.h, true, false), query.t}, source);
                               }),
                 "gradients",
                 "attend() twice on one tape must give twice the gradient, but the gradient of h [#, #, #] is # "
                 "instead of #: a backward of the variant's own writes where it must add"});
  all.push_back({behind_zero(), "gradients",
                 "the gradient of h at [#, #, #] is #, but central differences give # (relative error #, allowed "
                 "#): look at the backward of the ops that lead there"});
  all.push_back({score_variant("neighbours",
                               [](const Query& query, const Source& source) {
                                 return mul(energies_of(query, source), sum(source.h_s));
                               }),
                 "batch",
                 "the context [#, #, #] is # in a batch of # and # alone: a sentence must not see its neighbours, "
                 "nor how far it is padded"});
  all.push_back({score_variant("padded",
                               [](const Query& query, const Source& source) {
                                 return scale(energies_of(query, source),
                                              1.0 / static_cast<double>(source.h_s.shape()[1]));
                               }),
                 "batch",
                 "the context [#, #, #] is # in a batch of # and # alone: a sentence must not see its neighbours, "
                 "nor how far it is padded"});
  all.push_back({score_variant("remembers",
                               [calls = std::make_shared<int>(0)](const Query& query, const Source& source) {
                                 return scale(energies_of(query, source), 1 + 0.1 * ++*calls);
                               }),
                 "memory",
                 "the context [#, #, #] is #, and # after another batch went through: the object must be const; "
                 "what goes from step to step belongs into State"});
  all.push_back(
      {score_variant("one_word",
                     [](const Query& query, const Source& source) {
                       const Var words = constant(source.h_s.tape(), {source.h_s.shape()[0], 1, 1}, [&](Index b) {
                         return static_cast<double>(length_at(source, b) - 1);
                       });
                       return div(energies_of(query, source), words);
                     }),
       "one word",
       "with a source of one word the context [#, #, #] is nan: look for a division by length - # or by a "
       "deviation"});
  all.push_back(
      {wide_variant("overflows", true,
                    [](const Query& query, const State&, const Source& source) {
                      const Var e = mul(exp(energies_of(query, source)), mask(source));
                      return finish(div(e, sum_last(e)), source);
                    }),
       "extreme",
       "with states of size # the context [#, #, #] is nan: subtract the largest energy before exp(), or "
       "take softmax()"});
  all.push_back({wide_variant("unnormalised", true,
                              [](const Query& query, const State&, const Source& source) {
                                return finish(mul(sigmoid(energies_of(query, source)), mask(source)), source);
                              }),
                 "weights",
                 "the weights of query [#, #] sum to # instead of #; a variant whose weights do not says "
                 "`.normalised = false`"});
  // A cosine without an epsilon: 0 / 0 on padding, which softmax leaves out forward, but no product backward.
  const auto cosine = score_variant("divides_by_norm", [](const Query& query, const Source& source) {
    const Var norm = sqrt(sum_last(mul(source.h_s, source.h_s)));
    return batched_matmul_nt(query.h, div(source.h_s, norm));
  });
  all.push_back({cosine, "padding",
                 "with padding in the batch the gradient of h [#, #, #] is nan: h_s is # there, so look for a "
                 "division by a norm or a sum, or a root of it; # times nan is nan in a backward"});
  all.push_back({cosine, "gradients",
                 "the gradient of h at [#, #, #] is nan, and central differences give #: look for a backward that "
                 "divides by # or takes its root or logarithm, also on padding, where h_s is #"});
  Variant grows = wide_variant("grows", true, [](const Query& query, const State&, const Source& source) {
    const Var places = constant(source.h_s.tape(), {1, 1, source.h_s.shape()[1]},
                                [](Index s) { return 0.1 * static_cast<double>(s); });
    const Var e = mul(exp(add(sigmoid(energies_of(query, source)), places)), mask(source));
    return finish(div(e, sum_last(e)), source);
  });
  grows.content_based = false;
  all.push_back(
      {grows, "long source",
       "with a source of # words the context [#, #, #] is nan: look for sums that grow with the length"});
  all.push_back({wide_variant("unmasked_padding", true,
                              [](const Query& query, const State&, const Source& source) {
                                return finish(softmax(energies_of(query, source)), source);
                              }),
                 "padding", "weights [#, #, #] is #, but the sentence has # positions: mask by source.lengths"});
  Variant too_much = wide_variant("too_much", true, [](const Query& query, const State&, const Source& source) {
    return finish(scale(softmax(energies_of(query, source), source.lengths), 1.5), source);
  });
  too_much.normalised = false;
  all.push_back({too_much, "weights", "the weights of query [#, #] sum to # instead of at most #"});
  all.push_back({wide_variant("negative", true,
                              [](const Query& query, const State&, const Source& source) {
                                return finish(mul(energies_of(query, source), mask(source)), source);
                              }),
                 "weights", "weights [#, #, #] is #, below #"});
  all.push_back(
      {score_variant("positional",
                     [](const Query& query, const Source& source) {
                       return add(energies_of(query, source),
                                  constant(source.h_s.tape(), {1, 1, source.h_s.shape()[1]},
                                           [](Index s) { return 0.2 * static_cast<double>(s); }));
                     }),
       "order",
       "the context [#, #, #] is #, and # after the source positions changed places: a variant that looks "
       "at positions says `.content_based = false`"});
  all.push_back(
      {score_variant("counts_rows",
                     [](const Query& query, const Source& source) {
                       return mul(energies_of(query, source),
                                  constant(source.h_s.tape(), {1, query.h.shape()[1], 1},
                                           [](Index t) { return 1 + static_cast<double>(t); }));
                     }),
       "steps",
       "the context [#, #, #] is # with all positions at once and # one by one: a query must not see the "
       "others, and its position is query.t, not its place in the tensor"});
  all.push_back(
      {wide_variant("mixes_beams", false,
                    [](const Query& query, const State& state, const Source& source) {
                      // Every hypothesis of a sentence goes on with the state of the first.
                      const Shape& h = query.h.shape();
                      const Index S = source.h_s.shape()[1];
                      const Var covered = slice_time(reshape(state.rows[0], {h[0], h[1], S}), 0, 1);
                      const Var weights = softmax(sub(energies_of(query, source), covered), source.lengths);
                      Attended attended = finish(weights, source);
                      attended.next.rows[0] = reshape(add(covered, weights), {h[0] * h[1], S});
                      attended.next.count = 1;
                      return attended;
                    }),
       "hypotheses",
       "the context of hypothesis # at step # [#, #] is # among # and # alone: a query or row of state must "
       "not look at the others, and everything that changes from step to step belongs into State"});
  all.push_back(
      {wide_variant("leaks_state", false,
                    [](const Query& query, const State& state, const Source& source) {
                      // What the batch as a whole was given goes to every sentence.
                      const Shape& h = query.h.shape();
                      const Index S = source.h_s.shape()[1];
                      const Var covered = reshape(state.rows[0], {h[0], h[1], S});
                      const Var weights = softmax(sub(energies_of(query, source), covered), source.lengths);
                      Attended attended = finish(weights, source);
                      const Var most = sum(mul(weights, weights));
                      attended.next.rows[0] = mul(reshape(add(covered, weights), {h[0] * h[1], S}), most);
                      attended.next.count = 1;
                      return attended;
                    }),
       "batch",
       "the context [#, #, #] is # in a batch of # and # alone: a sentence must not see its neighbours, nor how "
       "far it "
       "is padded"});
  all.push_back({wide_variant("cuts_state", false,
                              [](const Query& query, const State& state, const Source& source) {
                                // The state goes on as a constant, so that no gradient comes back through it.
                                const Shape& h = query.h.shape();
                                const Index S = source.h_s.shape()[1];
                                const Var covered = reshape(state.rows[0], {h[0], h[1], S});
                                const Var weights =
                                    softmax(sub(energies_of(query, source), covered), source.lengths);
                                Attended attended = finish(weights, source);
                                const Var next = reshape(add(covered, weights), {h[0] * h[1], S});
                                attended.next.rows[0] = next.tape().input(next.value());
                                attended.next.count = 1;
                                return attended;
                              }),
                 "input feeding",
                 "the gradient of h at [#, #, #] is #, but central differences give # (relative error #, allowed "
                 "#): look at the "
                 "backward of the ops that lead there"});
  all.push_back({flat_variant(), "leaving",
                 "the variant threw: prepare: [#, #] must have the # sentences as its first axis"});
  all.push_back({swapped_variant(), "leaving",
                 "the context [#] is # among # sentences and # once the others left: everything that belongs to a "
                 "sentence must stand in its row of what prepare() returned or of the state"});
  all.push_back(
      {wide_variant("loses_rows", false,
                    [](const Query& query, const State& state, const Source& source) {
                      Attended attended = finish(softmax(energies_of(query, source), source.lengths), source);
                      attended.next = state;
                      attended.next.rows[0] = slice_last(attended.next.rows[0], 0, 1);
                      if (query.h.shape()[1] > 1) attended.next.rows[0] = sum(attended.next.rows[0]);
                      return attended;
                    }),
       "hypotheses", "the variant threw: attend: state # is [#], and its first axis must be the # hypotheses"});
  all.push_back(
      {score_variant("counts_threads",
                     [](const Query& query, const Source& source) {
                       return scale(energies_of(query, source), 1 + 0.1 * threads());
                     }),
       "threads",
       "the context [#, #, #] is # with # thread and # with #: each element must be computed by one thread in "
       "an order fixed by its index"});
  Variant unsaved{.name = "unsaved", .summary = "for a test", .equation = "(none)"};
  unsaved.make = [made = std::make_shared<int>(0)](Sizes, const config::Options&,
                                                   nn::Params&) -> attention::ScorePtr {
    const double factor = 1 + 0.1 * ++*made;
    const auto score = [factor](const Query& query, const Source& source) {
      return scale(energies_of(query, source), factor);
    };
    return std::make_unique<FromScore<decltype(score)>>(score);
  };
  all.push_back({unsaved, "save and load",
                 "the context [#, #, #] is #, and # in another object with the same parameters: what a result "
                 "depends on must be a parameter"});
  all.push_back({wide_variant("short_context", true,
                              [](const Query& query, const State&, const Source& source) {
                                Attended attended =
                                    finish(softmax(energies_of(query, source), source.lengths), source);
                                attended.context = slice_last(attended.context, 0, 1);
                                return attended;
                              }),
                 "weights", "the variant threw: attend: context [#, #, #] must be [#, #, #]"});
  all.push_back({wide_variant("no_weights", true,
                              [](const Query& query, const State&, const Source& source) {
                                Attended attended =
                                    finish(softmax(energies_of(query, source), source.lengths), source);
                                attended.weights = {};
                                return attended;
                              }),
                 "weights", "the variant threw: attend: weights (none) must be [#, #, #]"});
  return all;
}

}  // namespace regard::testing
