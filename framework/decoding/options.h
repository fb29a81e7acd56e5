#pragma once
// The options of the `decoding:` section of a plan: how search ranks translations and which words it may use.
#include "framework/config/option_table.h"

namespace regard::decoding {

// Whether test sets are translated: the candidates of a tuning must not see them.
enum class TestSets : std::uint8_t { decode, never };

// The divisor of log p(y | x); |y| counts </s>.
enum class LengthNorm : std::uint8_t {
  average,  // |y|^alpha
  gnmt      // ((5 + |y|) / 6)^alpha, Wu et al. 2016, equation 14
};

struct SearchOptions {
  Index beam = 5;
  Index nbest = 1;  // translations of each sentence: the best of the beam, or the number of samples
  LengthNorm length_norm = LengthNorm::average;
  double length_penalty = 1;    // alpha; 0 ranks by log probability alone
  double coverage_penalty = 0;  // beta of Wu et al. 2016; 0: none
  Index min_length = 0;         // words, </s> not counted
  // The limit on |y|, for a source of n words: max_length_factor * n + max_length_extra, and at least 1. A
  // translation with this many words without </s> is cut. The limit always allows min_length words.
  double max_length_factor = 2;
  Index max_length_extra = 10;
  Index block_ngrams = 0;  // no n-gram of this many words comes twice; 0: no limit
  double temperature = 0;  // above 0: words are drawn, from p^(1 / temperature)
  Index top_k = 0;         // draw among this many likeliest words; 0: among all
  Index sample_seed = 1;
  bool replace_unknown = false;
  config::Path dictionary = {};
  Index batch_sentences = 64;
  TestSets test = TestSets::decode;

  [[nodiscard]] bool draws() const noexcept { return temperature > 0; }
};

[[nodiscard]] const config::OptionTable<SearchOptions>& search_rows();

// Throws ConfigError if options contradict each other. `tree` has the section `decoding:` as written, for the
// places; `system` is the name in messages.
void check_search(const SearchOptions& search, bool has_attention, const std::string& system,
                  const config::Node& tree);

// Returns the options of greedy search: a beam of one, only the best translation, no sampling.
[[nodiscard]] SearchOptions greedy_of(SearchOptions options);

// Returns the options of plain greedy search, for validation during a training. It keeps only the length limits
// and the number of sentences at a time, so that all other options can be chosen after the training.
[[nodiscard]] SearchOptions validation_of(const SearchOptions& options);

// Returns the largest number of words of a translation of a source of `words` words, </s> included (a cut
// translation has no </s>).
[[nodiscard]] Index length_limit(Index words, const SearchOptions& options);

}  // namespace regard::decoding
