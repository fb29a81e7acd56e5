#pragma once
// Numbers that describe attention weights. They describe where the weight is, not why a word was chosen: high
// weight on a source word does not show that the word caused the output (Jain and Wallace 2019; Wiegreffe and
// Pinter 2019).
#include "framework/evaluation/alignment.h"

namespace regard::evaluation {

// The columns of a matrix: words first, then possibly the end of the sentence, then padding.
struct Columns {
  Index words = 0;
  bool end_of_sentence = false;
};

// Means; those of several sentences are added by target words, so that every target word counts alike.
struct AttentionDiagnostics {
  Index targets = 0;            // rows
  double entropy = 0;           // nats a row; 0: all weight in one place
  double relative_entropy = 0;  // over the logarithm of the columns that are no padding; 1: spread evenly
  double largest = 0;           // the largest weight of a row
  double on_end = 0;            // share of the weight on the end of the sentence
  double on_padding = 0;        // share on padding; anything but 0 is a fault of the model
  double monotone = 0;  // share of steps from a row to the next whose place (largest weight) does not go back
  double covered = 0;   // mean over source words of min(1, their weight summed over all rows)
  Index steps = 0;      // rows that have one before them
  Index source_words = 0;

  void add(const AttentionDiagnostics& other);
};

// Returns the diagnostics of one sentence, the first `target_rows` rows of the matrix.
[[nodiscard]] AttentionDiagnostics diagnose(const WeightMatrix& weights, const Columns& columns,
                                            Index target_rows);

// The similarity of two matrices of the same shape (two systems or two seeds, forced to the same output).
struct AttentionAgreement {
  Index targets = 0;
  double overlap = 0;     // mean over rows of the weight that both give: sum of min(a, b)
  double same_place = 0;  // share of rows whose largest weights are in the same place

  void add(const AttentionAgreement& other);
};
[[nodiscard]] AttentionAgreement agreement(const WeightMatrix& first, const WeightMatrix& second,
                                           Index target_rows);

}  // namespace regard::evaluation
