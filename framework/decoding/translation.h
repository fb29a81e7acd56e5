#pragma once
// The result of decoding.
#include <limits>
#include <vector>

#include "framework/base/base.h"
#include "framework/base/weight_matrix.h"

namespace regard::decoding {

// A translation as token ids, without </s>.
struct Translation {
  std::vector<Index> words = {};
  double log_probability = 0;  // of words and </s>, in nats
  double score = 0;            // ranks translations (scoring.h)
  bool complete = false;       // ended by </s>; else cut at the length limit
  // Attention: a row for each word and for </s> (if complete), a column for each source token and </s>. Empty
  // without attention.
  WeightMatrix weights = {};
  // The smallest difference, in log probability or score, of any decision of the search for this sentence. Smaller
  // errors of arithmetic cannot have changed the result. Set for the best translation only.
  double margin = std::numeric_limits<double>::infinity();
};

}  // namespace regard::decoding
