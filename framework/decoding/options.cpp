#include "framework/decoding/search.h"

namespace regard::decoding {

const config::Rows<SearchOptions>& search_rows() {
  using config::at_least;
  using config::between;
  using config::option;
  static const config::Rows<SearchOptions> rows = {
      option("beam", &SearchOptions::beam, between(1, 1000), "hypotheses",
             "hypotheses kept of a sentence; 1 is greedy. Time grows with it"),
      option("length_penalty", &SearchOptions::length_penalty, at_least(0), "",
             "alpha in log p / length^alpha; 1 ranks by the average word, 0 favours short translations"),
      option("max_length_factor", &SearchOptions::max_length_factor, at_least(0), "words a source word",
             "with max_length_extra the longest translation that is tried"),
      option("max_length_extra", &SearchOptions::max_length_extra, between(1, 10000), "words",
             "words that any translation may have beside factor times source"),
      option("batch_sentences", &SearchOptions::batch_sentences, between(1, 100000), "sentences",
             "sentences translated at a time; more are faster up to the cache's size"),
      config::choice("test", &SearchOptions::test,
                     {{"decode", TestSets::decode, "every test set is translated and scored, once a run"},
                      {"never", TestSets::never, "none is: for plans that still look for their options"}},
                     "what becomes of the test sets; manifests count how often each was translated"),
  };
  return rows;
}

}  // namespace regard::decoding
