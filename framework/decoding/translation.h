#pragma once
// The result of decoding.
#include <limits>
#include <vector>

#include "framework/base/base.h"

namespace regard::decoding {

// A translation as token ids, without </s>.
struct Translation {
  std::vector<Index> words = {};  // those beyond the vocabulary as ids of data::FurtherWords
  double log_probability = 0;     // of words and </s>, in nats
  double score = 0;               // ranks translations (scoring.h)
  bool complete = false;          // ended by </s>; else cut at the length limit
  // Attention, row by row: a row for each word and for </s> (if complete), a number for each source token, </s>
  // included. Empty without attention.
  std::vector<float> weights = {};
  Index source_length = 0;  // columns of `weights`
  // The smallest difference, in log probability or score, of any decision of the search for this sentence. Smaller
  // errors of arithmetic cannot have changed the result. Set for the best translation only.
  double margin = std::numeric_limits<double>::infinity();
};

}  // namespace regard::decoding
