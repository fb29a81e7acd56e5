#pragma once
// The corpora copy and reverse: rows of random symbols, to be repeated forwards or backwards. They are classic toy
// tasks. Copy needs a forward alignment, reverse a backward one. Their results do not apply to language.
#include <cstdint>

#include "framework/data/corpus.h"

namespace regard::data {

struct SymbolsOptions {
  std::uint64_t seed = 1;
  Index symbols = 20;  // different symbols: s0 … s19
  Index min_length = 3;
  Index max_length = 10;
  Index long_min_length = 11;  // of test_long
  Index long_max_length = 20;
  Index train = 2000;
  Index valid = 200;
  Index test = 200;
  Index test_long = 200;
};

// Make the corpora. All sources of all splits are different. Lengths are uniform. ConfigError if the options allow too
// few different rows.
[[nodiscard]] Splits make_copy(const SymbolsOptions& options);
[[nodiscard]] Splits make_reverse(const SymbolsOptions& options);

}  // namespace regard::data
