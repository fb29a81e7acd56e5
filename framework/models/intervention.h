#pragma once
// Replaces attention weights between a variant and the context, to measure whether a trained model uses them (Jain and
// Wallace 2019). The variant computes its weights as always; its state is not changed. The context is computed again
// from the replacing weights.
#include <array>
#include <cstdint>
#include <span>

#include "framework/attention/attention.h"

namespace regard::models {

enum class Replacement {
  even,      // the same weight on each of the sentence's positions
  shuffled,  // the weights in another order, drawn by the key (seed, sentence, step)
  hardest,   // all weight on the position with the largest weight, the first of equal ones
  shifted,   // the weights one position later; the last position's weight comes first
  given,     // weights from elsewhere: another model, a gold alignment
};
inline constexpr std::array kReplacementNames{"even", "shuffled", "hardest", "shifted", "given"};

// Replaces one row, `weights` [length], in place. Keeps its sum. `key` is read by `shuffled` alone. Not for `given`.
void replace_row(Replacement replacement, std::span<double> weights, const Key& key);

// Which weights a batch uses instead of the variant's.
struct Intervention {
  Replacement replacement = Replacement::even;
  std::uint64_t seed = 0;                 // of `shuffled`
  std::span<const Index> sentences = {};  // [B] the position of each sentence in its text
  // [B * n, S] of `given`: a row for each of n hypotheses, or for each of the n steps that are computed together. A row
  // of zeros keeps the variant's own weights.
  Tensor given = {};
};

// Returns the context and weights with the replacing weights, on `tape`; maps are left out. An attention that copies
// copies from the replacing weights, with the same probability of copying. ConfigError if the variant's context is not
// its weights times the encoder's states (multi-head attention): then replacing the weights would also remove what the
// variant adds to them. `first` is the row of a sentence that the first query reads.
[[nodiscard]] attention::Attended intervened(Tape& tape, const attention::Attended& attended,
                                             std::span<const Index> steps, const attention::Source& source,
                                             const Intervention& intervention, Index first = 0);

}  // namespace regard::models
