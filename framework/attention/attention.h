#pragma once
// Attention: computes a context and its weights from the decoder's state and all encoder states (Bahdanau et al.
// 2015, section 3.1; Luong et al. 2015, section 3).
//
// Two interfaces. A Score computes only energies; the framework does masking, softmax, weighted sum and alignment
// output. Attention, the wide interface, does all of this itself and may carry state from step to step. Both are
// one file with one registration (registry.h), in variants/ or in a plug-in.
//
// Letters: B batch, S source positions, T positions of the target, or hypotheses of one position, A inner width.
// Objects are made once per model, have references to their parameters, and are const afterwards. Everything that
// changes from batch to batch or step to step is passed and returned. docs/attention.md has a chapter for each part.
#include <array>
#include <memory>
#include <span>
#include <string_view>

#include "framework/autodiff/tape.h"
#include "framework/base/random.h"

namespace regard::attention {

// The encoder's side of a batch. h_s [B, S, key] is zero on padding, and padding gets no gradient. Make it with
// source_of.
struct Source {
  Var h_s;
  std::span<const Index> lengths;  // [B], each 1 … S; lives as long as the tape's step
  bool training = false;           // else translating, validating or scoring a given translation
  // [B, S] the words' ids in the source's vocabulary, </s> as the last of each sentence; 0 on padding.
  std::span<const Index> words = {};

  // Returns the words' vectors as the encoder reads them, [B, S, embedding], zero on padding. For project(),
  // prepare() and start() only (a ShapeError later): these return what later steps need of them.
  [[nodiscard]] Var embedded() const;
  Var vectors = {};                    // what embedded() reads, in the encoder's order,
  std::span<const Index> places = {};  // and the row of each position there; empty: the same order
};
[[nodiscard]] Source source_of(Var h_s, std::span<const Index> lengths);

class Notes;
class Surrogates;

// What the functions of a Query read. The decoder fills it in.
struct StepFacts {
  Key key = {};                           // of the run's seed and the update
  std::span<const Index> sentences = {};  // [B] their places in the corpus; empty unless training
  std::span<const Index> previous = {};   // the words before of all steps under way, [N, steps]
  Var vectors = {};                       // their vectors, [N, steps, embedding]
  Index step = 0;                         // the one of these steps that the query begins with
  Notes* notes = nullptr;                 // where losses and watched numbers go; null: nowhere
  Surrogates* surrogates = nullptr;       // of the gradient check; else null
};

// The decoder's side. h [B, T, query]: T positions t[0] < t[1] … of one target, or T hypotheses at the same
// position t[0] = … = t[T-1]. The result of one entry must not depend on other entries.
struct Query {
  Var h;
  std::span<const Index> t;  // [T], counted from 0
  const StepFacts* facts = nullptr;

  // The word before each position: <s>, then the target's words, in translation those of the hypothesis. Their ids
  // in the target's vocabulary [B, T], and their vectors [B, T, embedding] as the decoder reads them.
  [[nodiscard]] std::span<const Index> previous() const;
  [[nodiscard]] Var previous_embedded() const;

  // Random numbers [B, T, n], in training only (a ShapeError otherwise: when it translates, a variant is
  // deterministic). A number depends on the run's seed, the update, the name, the sentence, the position t and its
  // place in [0, n), on nothing else: not on the batch, threads, or whether the run was resumed. The variant's
  // registration says `.stochastic = true`.
  [[nodiscard]] Var uniform(std::string_view name, Index n) const;  // in (0, 1)
  [[nodiscard]] Var normal(std::string_view name, Index n) const;   // mean 0, deviation 1
  [[nodiscard]] Var gumbel(std::string_view name, Index n) const;   // -ln(-ln u)

  // The value of `hard` with the gradient of `soft`, of the same shape (Bengio et al. 2013). The registration says
  // `.straight_through = true`, and the gradient check then compares with the gradient of `soft`.
  [[nodiscard]] Var straight_through(Var hard, Var soft) const;

  // Adds a loss that the registration names in `.losses`: x [B, T, 1], a number for each position, in the unit of
  // the main loss (nats, if it is to be compared). Call it once for each query. The framework sums x over the real
  // target positions, multiplies the sum by the loss's weight and adds it to the loss of the batch. Does nothing
  // unless training.
  void add_loss(std::string_view name, Var x) const;

  // Records a number for the history, TensorBoard and the report's curves: x [1], or [B, T, n], whose mean over
  // the real target positions is recorded. Does nothing unless training.
  void watch(std::string_view name, Var x) const;
};

// The sizes of a variant.
struct Sizes {
  Index query = 0;         // width of the decoder's state h_t
  Index key = 0;           // width of the encoder's states h_s
  Index embedding = 0;     // width of the words' vectors, on both sides
  Index source_words = 0;  // sizes of the vocabularies; 0 while a plan is checked, before there are any
  Index target_words = 0;
};

// The score interface: only energies.
class Score {
 public:
  virtual ~Score() = default;
  // Returns the keys [B, S, ...], computed once per batch; h_s itself by default.
  [[nodiscard]] virtual Var project(const Source& source) const { return source.h_s; }
  // Returns the energies [B, T, S] of each query and each key of project(). Energies on padding are ignored.
  [[nodiscard]] virtual Var score(const Query& query, Var keys, const Source& source) const = 0;
};

// The state of a wide variant from step to step: up to four Vars whose first axis is the hypothesis (B * T of
// them, sentence by sentence). The framework reorders, repeats and drops rows by index, so no variant handles a
// beam.
struct State {
  std::array<Var, 4> rows;
  Index count = 0;
};

// These rows of a state, copied to the tape `to`, which may be another than the state's own: in search each step
// has a tape of its own, and what a state points to is gone two steps later. No gradient goes back.
[[nodiscard]] State gather(const State& state, std::span<const Index> rows, Tape& to);

struct Attended {
  Var context;  // [B, T, context_width()]
  Var weights;  // [B, T, S], >= 0 and 0 on padding
  State next;
  // Several maps of weights, such as one for each head: each [B, T, S] as the weights, which are their mean. They
  // are shown, and nothing else reads them. Empty: one map, the weights.
  std::span<const Var> maps = {};  // on the tape (allocate_span)
  // The output hook, for a registration that says `.extends_vocabulary = true`; then both are set at every step. The
  // next word w comes from
  //   p(w) = generate p_vocabulary(w) + sum of copies_s over the positions s whose word is w
  // so words of the source that the target's vocabulary lacks can be written too. The framework does the rest, in
  // training, search, ensembles and scores.
  Var generate = {};  // [B, T, 1], >= 0
  Var copies = {};    // [B, T, S], >= 0, 0 on padding; generate + sum_s copies_s = 1
};

// The wide interface.
class Attention {
 public:
  virtual ~Attention() = default;
  // Returns what attend() needs beside the source, computed once per batch.
  [[nodiscard]] virtual Var prepare(const Source& source) const { return source.h_s; }
  // Returns the state before the first step, with B rows.
  [[nodiscard]] virtual State start(const Source&) const { return {}; }
  [[nodiscard]] virtual Attended attend(const Query& query, Var prepared, const State& state,
                                        const Source& source) const = 0;
  // Returns the width of the context.
  [[nodiscard]] virtual Index context_width(Sizes sizes) const { return sizes.key; }
  // Returns whether attend() accepts the T positions of a whole target at once. If not, T counts only hypotheses
  // of one position.
  [[nodiscard]] virtual bool whole_sequence() const { return false; }
};

using ScorePtr = std::unique_ptr<Score>;
using AttentionPtr = std::unique_ptr<Attention>;

// Makes the wide interface from a score: softmax of the energies over each sentence's own positions, then the
// weighted sum.
[[nodiscard]] AttentionPtr from_score(ScorePtr score);

// Returns the weights before the first step of an attention that moves along the source, [B, S]: 1 at position 0.
[[nodiscard]] Var at_first_position(const Source& source);

// Returns the context for from_score and wide variants: context [B, T, key] = weights [B, T, S] times h_s.
[[nodiscard]] Var context_of(Var weights, const Source& source);

}  // namespace regard::attention
