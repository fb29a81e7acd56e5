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
// changes from batch to batch or step to step is passed and returned.
#include <array>
#include <memory>
#include <span>

#include "framework/autodiff/tape.h"

namespace regard::attention {

// The encoder's side of a batch. h_s [B, S, key] is zero on padding, and padding gets no gradient. Make it with
// source_of.
struct Source {
  Var h_s;
  std::span<const Index> lengths;  // [B], each 1 … S; lives as long as the tape's step
};
[[nodiscard]] Source source_of(Var h_s, std::span<const Index> lengths);

// The decoder's side. h [B, T, query]: T positions t[0] < t[1] … of one target, or T hypotheses at the same
// position t[0] = … = t[T-1]. The result of one entry must not depend on other entries.
struct Query {
  Var h;
  std::span<const Index> t;  // [T], counted from 0
};

// The sizes of a variant.
struct Sizes {
  Index query = 0;  // width of the decoder's state h_t
  Index key = 0;    // width of the encoder's states h_s
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
  Var context;  // [B, T, key]
  Var weights;  // [B, T, S], >= 0 and 0 on padding
  State next;
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
  // Returns whether attend() accepts the T positions of a whole target at once. If not, T counts only hypotheses
  // of one position.
  [[nodiscard]] virtual bool whole_sequence() const { return false; }
};

using ScorePtr = std::unique_ptr<Score>;
using AttentionPtr = std::unique_ptr<Attention>;

// Makes the wide interface from a score: softmax of the energies over each sentence's own positions, then the
// weighted sum.
[[nodiscard]] AttentionPtr from_score(ScorePtr score);

// Returns the context for from_score and wide variants: context [B, T, key] = weights [B, T, S] times h_s.
[[nodiscard]] Var context_of(Var weights, const Source& source);

}  // namespace regard::attention
