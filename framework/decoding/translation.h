#pragma once
// What decoding gives.
#include <limits>
#include <vector>

#include "framework/base/base.h"

namespace regard::decoding {

// A translation as token ids, without </s>.
struct Translation {
  std::vector<Index> words = {};
  double log_probability = 0;  // of words and </s>, in nats
  double score = 0;            // what translations are ranked by (scoring.h)
  bool complete = false;       // ended by </s>; else cut at the length limit
  // Attention, row by row: one row a word and one for </s> (if complete), one number a source token, </s>
  // included. Empty without attention.
  std::vector<float> weights = {};
  Index source_length = 0;  // columns of `weights`
  // The smallest difference, in log probability or score, by which anything was kept, dropped or ended while the
  // sentence was searched: smaller errors of arithmetic cannot have changed the result. Of the best one alone.
  double margin = std::numeric_limits<double>::infinity();
};

}  // namespace regard::decoding
