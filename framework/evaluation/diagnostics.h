#pragma once
// Computes numbers that describe where attention weights are. They do not show why a word was chosen: a large weight on
// a source word does not show that the word caused the output (Jain and Wallace 2019; Wiegreffe and Pinter 2019).
#include "framework/evaluation/alignment.h"

namespace regard::evaluation {

// The columns of a matrix: first words, then optionally the end of the sentence, then padding.
struct Columns {
  Index words = 0;
  bool end_of_sentence = false;
};

// Means. add() weights the means of several sentences by their rows, so that every target word counts equally.
struct AttentionDiagnostics {
  Index targets = 0;            // rows
  double entropy = 0;           // nats per row; 0: all weight on one column
  double relative_entropy = 0;  // entropy / log(columns without padding); 1: uniform
  double largest = 0;           // the largest weight of a row
  double on_end = 0;            // share of the weight on the end of the sentence
  double on_padding = 0;        // share on padding; must be 0 in a correct model
  double monotone = 0;          // share of steps between rows whose largest weight does not move back
  double covered = 0;           // mean over source words of min(1, sum of their weights over all rows)
  Index steps = 0;              // steps from a row to the next
  Index source_words = 0;

  void add(const AttentionDiagnostics& other);
};

// Returns the diagnostics of one sentence, over the first `target_rows` rows of the matrix.
[[nodiscard]] AttentionDiagnostics diagnose(const WeightMatrix& weights, const Columns& columns,
                                            Index target_rows);

// The similarity of two matrices of the same shape (two systems or two seeds, forced to the same output).
struct AttentionAgreement {
  Index targets = 0;
  double overlap = 0;     // mean over rows of the common weight: sum of min(a, b)
  double same_place = 0;  // share of rows whose largest weights are in the same column

  void add(const AttentionAgreement& other);
};
[[nodiscard]] AttentionAgreement agreement(const WeightMatrix& first, const WeightMatrix& second,
                                           Index target_rows);

}  // namespace regard::evaluation
