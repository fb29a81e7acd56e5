#pragma once
// The losses that are computed from attention and added to the cross-entropy of the target's words: those of the
// training's options, and those of the variant. Each is a sum over the real target positions of a batch.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/attention/notes.h"
#include "framework/data/alignment.h"
#include "framework/data/batch.h"

namespace regard::models {

// The weights of the losses that any attention may have. a_ts is the weight of source position s at target
// position t.
struct AttentionWeights {
  // Guided alignment (Chen et al. 2016): -sum_t sum_s A_ts log a_ts. A_ts is 1 / n at the n source words that
  // target word t is linked with; unlinked words add nothing.
  double guided_alignment = 0;
  double entropy = 0;   // -sum_t sum_s a_ts log a_ts
  double coverage = 0;  // sum_t sum_s min(a_ts, sum_{t' < t} a_t's)      (See et al. 2017, eq. 12)

  [[nodiscard]] bool any() const noexcept { return guided_alignment > 0 || entropy > 0 || coverage > 0; }
};

// The losses of a variant: names, and weights from its options.
struct OwnTerms {
  std::vector<std::string> names;
  std::vector<double> weights;
};

struct LossTerm {
  std::string_view name;
  double weight = 0;
  Var sum;  // [1], not multiplied by the weight; empty for 0
};

struct Watched {
  std::string_view name;
  double mean = 0;  // over the real target positions
};

// Returns the terms with their sums, on the tape. `weights` is [B, T, S], undefined on target padding. ShapeError
// if the variant did not give exactly the losses that it declares.
[[nodiscard]] std::span<const LossTerm> loss_terms(Var weights, const data::Batch& batch,
                                                   const AttentionWeights& factors,
                                                   std::span<const data::Alignment> alignments,
                                                   std::span<const Index> lines, const OwnTerms& own,
                                                   const attention::Notes& notes);

// Returns the mean of each watched number, on the tape, in the order of their first note.
[[nodiscard]] std::span<const Watched> watched_means(const attention::Notes& notes, const data::Batch& batch,
                                                     Tape& tape);

}  // namespace regard::models
