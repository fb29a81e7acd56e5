#pragma once
// Attention: from the decoder's state and all encoder states to a context and the weights that made it (Bahdanau
// et al. 2015, section 3.1; Luong et al. 2015, section 3).
//
// Two interfaces. A Score computes energies alone; masking, softmax, weighted sum and alignment output are the
// framework's. Attention, the wide one, takes over all of it and may carry state from step to step.
// Either is one file with one registration (registry.h), in variants/ or in a plug-in.
//
// Letters: B batch, S source positions, T positions of the target, or hypotheses of one position, A inner width.
// Objects are made once per model, hold references to their parameters, and are const afterwards: what changes
// from batch to batch or step to step is passed and returned.
#include <array>
#include <memory>
#include <span>

#include "framework/autodiff/tape.h"

namespace regard::attention {

// The encoder's side of a batch. h_s [B, S, key] is zero on padding, and no gradient goes there: make it by
// source_of.
struct Source {
  Var h_s;
  std::span<const Index> lengths;  // [B], each 1 … S; lives as long as the tape's step
};
[[nodiscard]] Source source_of(Var h_s, std::span<const Index> lengths);

// The decoder's side. h [B, T, query]: T positions t[0] < t[1] … of one target, or T hypotheses that all stand at
// position t[0] = … = t[T-1]. What is computed for one entry must not depend on the others.
struct Query {
  Var h;
  std::span<const Index> t;  // [T], counted from 0
};

// The sizes a variant is made for.
struct Sizes {
  Index query = 0;  // width of the decoder's state h_t
  Index key = 0;    // width of the encoder's states h_s
};

// The score interface: energies, nothing else.
class Score {
 public:
  virtual ~Score() = default;
  // Once per batch: what of the keys can be computed ahead, [B, S, ...]. By default h_s itself.
  [[nodiscard]] virtual Var project(const Source& source) const { return source.h_s; }
  // Energies [B, T, S] of each query against the keys that project() returned; whatever stands on padding is
  // ignored.
  [[nodiscard]] virtual Var score(const Query& query, Var keys, const Source& source) const = 0;
};

// What a wide variant carries from step to step: up to four Vars whose first axis is the hypothesis (B * T of
// them, sentence by sentence). The framework reorders, repeats and drops rows by index; no variant sees a beam.
struct State {
  std::array<Var, 4> rows;
  Index count = 0;
};

// These rows of a state, copied to the tape `to`, which may be another than the state's own: in search each step
// has a tape of its own, and what a state points to is gone two steps later. No gradient goes back.
[[nodiscard]] State gather(const State& state, std::span<const Index> rows, Tape& to);

struct Attended {
  Var context;  // [B, T, key]
  Var weights;  // [B, T, S], >= 0 and 0 on padding
  State next;
};

// The wide interface.
class Attention {
 public:
  virtual ~Attention() = default;
  // Once per batch: what attend() needs of the source beside the source itself.
  [[nodiscard]] virtual Var prepare(const Source& source) const { return source.h_s; }
  // The state before the first step, with B rows.
  [[nodiscard]] virtual State start(const Source&) const { return {}; }
  [[nodiscard]] virtual Attended attend(const Query& query, Var prepared, const State& state,
                                        const Source& source) const = 0;
  // Whether attend() takes the T positions of a whole target at once. If not, T counts hypotheses of one position
  // only.
  [[nodiscard]] virtual bool whole_sequence() const { return false; }
};

using ScorePtr = std::unique_ptr<Score>;
using AttentionPtr = std::unique_ptr<Attention>;

// The wide interface over a score: softmax of the energies over each sentence's own positions, then the weighted
// sum.
[[nodiscard]] AttentionPtr from_score(ScorePtr score);

// What is common to from_score and to wide variants: context [B, T, key] = weights [B, T, S] times h_s.
[[nodiscard]] Var context_of(Var weights, const Source& source);

}  // namespace regard::attention
