#pragma once
// The `decoding:` section of a plan: what search looks for, and what it may write.
#include "framework/config/option_table.h"

namespace regard::decoding {

// Whether test sets are translated at all: a plan that still looks for its options must not see them.
enum class TestSets : std::uint8_t { decode, never };

// What log p(y | x) is divided by, |y| counting </s>.
enum class LengthNorm : std::uint8_t {
  average,  // |y|^alpha
  gnmt      // ((5 + |y|) / 6)^alpha, Wu et al. 2016, equation 14
};

struct SearchOptions {
  Index beam = 5;
  Index nbest = 1;  // translations of each sentence: the best of the beam, or so many that are drawn
  LengthNorm length_norm = LengthNorm::average;
  double length_penalty = 1;    // alpha; 0 ranks by log probability alone
  double coverage_penalty = 0;  // beta of Wu et al. 2016; 0: none
  Index min_length = 0;         // words, </s> not counted
  // The limit on |y|, for a source of n words: max_length_factor * n + max_length_extra, and at least 1. A
  // translation that has so many words without </s> is cut. One of min_length words always fits.
  double max_length_factor = 2;
  Index max_length_extra = 10;
  Index block_ngrams = 0;  // no n-gram of this many words comes twice; 0: any may
  double temperature = 0;  // above 0: words are drawn, from p^(1 / temperature)
  Index top_k = 0;         // drawn among so many of the likeliest; 0: among all
  Index sample_seed = 1;
  bool replace_unknown = false;
  config::Path dictionary = {};
  Index batch_sentences = 64;
  TestSets test = TestSets::decode;

  [[nodiscard]] bool draws() const noexcept { return temperature > 0; }
};

[[nodiscard]] const config::OptionTable<SearchOptions>& search_rows();

// Throws ConfigError where options do not go together. `tree` has the section `decoding:` as it was written, for the
// places; `system` is the name that messages give.
void check_search(const SearchOptions& search, bool has_attention, const std::string& system,
                  const config::Node& tree);

// The same search with a beam of one, and its best translation alone; nothing is drawn.
[[nodiscard]] SearchOptions greedy_of(SearchOptions options);

// Plain greedy search, for validation during a training: of these options only how long translations may be and
// how many are made at a time. Everything else can then be chosen after the training.
[[nodiscard]] SearchOptions validation_of(const SearchOptions& options);

// The most words of a translation, </s> counted (one that is cut has none), of a source of `words` words.
[[nodiscard]] Index length_limit(Index words, const SearchOptions& options);

}  // namespace regard::decoding
