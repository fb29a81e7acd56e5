#include "framework/decoding/options.h"

#include <fmt/format.h>

#include <algorithm>

namespace regard::decoding {

const config::OptionTable<SearchOptions>& search_rows() {
  using config::at_least;
  using config::between;
  using config::choice;
  using config::option;
  static const config::OptionTable<SearchOptions> rows = {
      option("beam", &SearchOptions::beam, between(1, 1000), "hypotheses",
             "hypotheses kept of a sentence; 1 is greedy. Time grows with it"),
      option("nbest", &SearchOptions::nbest, between(1, 1000), "translations",
             "translations of a sentence that are kept with their scores, at most as many as the beam; more than "
             "1 writes hypotheses/TEST.nbest.txt"),
      choice("length_norm", &SearchOptions::length_norm,
             {{"average", LengthNorm::average, "log p / length^alpha"},
              {"gnmt", LengthNorm::gnmt, "log p / ((5 + length) / 6)^alpha (Wu et al. 2016)"}},
             "how translations of different lengths are compared; alpha is length_penalty"),
      option("length_penalty", &SearchOptions::length_penalty, at_least(0), "",
             "alpha of length_norm; 1 with `average` ranks by the average word, 0 favours short translations"),
      option("coverage_penalty", &SearchOptions::coverage_penalty, at_least(0), "",
             "beta of Wu et al. 2016: finished translations lose beta log(1 / weight) for each source word whose "
             "weights sum to less than 1; needs attention"),
      option("min_length", &SearchOptions::min_length, between(0, 10000), "words",
             "no translation ends before it has so many words"),
      option("max_length_factor", &SearchOptions::max_length_factor, at_least(0), "words a source word",
             "with max_length_extra the longest translation that is tried"),
      option("max_length_extra", &SearchOptions::max_length_extra, between(1, 10000), "words",
             "words that any translation may have beside factor times source"),
      option("block_ngrams", &SearchOptions::block_ngrams, between(0, 100), "words",
             "no row of so many words comes twice in a translation; 0 lets any"),
      option("temperature", &SearchOptions::temperature, at_least(0), "",
             "above 0 translations are not searched for but drawn word by word from p^(1/temperature); the beam "
             "is then not used, and nbest says how many are drawn"),
      option("top_k", &SearchOptions::top_k, between(0, 1000000), "words",
             "each word is drawn among so many of the likeliest; 0: among all"),
      option("sample_seed", &SearchOptions::sample_seed, at_least(0), "", "of what is drawn"),
      option("replace_unknown", &SearchOptions::replace_unknown,
             "write the source word with most attention (Luong et al. 2015b) instead of <unk>; needs attention"),
      option("dictionary", &SearchOptions::dictionary,
             "what replace_unknown writes for a source word: a file of lines `WORD TRANSLATION`; words that it "
             "lacks are copied"),
      option("batch_sentences", &SearchOptions::batch_sentences, between(1, 100000), "sentences",
             "sentences translated at a time; more are faster up to the cache's size"),
      choice("test", &SearchOptions::test,
             {{"decode", TestSets::decode, "every test set is translated and scored, once a run"},
              {"never", TestSets::never, "none is: for plans that still look for their options"}},
             "what becomes of the test sets; manifests count how often each was translated"),
  };
  return rows;
}

SearchOptions greedy_of(SearchOptions options) {
  options.beam = 1;
  options.nbest = 1;
  options.temperature = 0;
  options.top_k = 0;
  return options;
}

SearchOptions validation_of(const SearchOptions& options) {
  return {.beam = 1,
          .max_length_factor = options.max_length_factor,
          .max_length_extra = options.max_length_extra,
          .batch_sentences = options.batch_sentences};
}

Index length_limit(Index words, const SearchOptions& options) {
  constexpr double kMost = 1e9;  // a factor may be anything; the step count must fit
  const double times = words == 0 ? 0 : options.max_length_factor * static_cast<double>(words);
  const Index limit = static_cast<Index>(std::min(times, kMost)) + options.max_length_extra;
  return std::max({Index{1}, limit, options.min_length > 0 ? options.min_length + 1 : 0});
}

void check_search(const SearchOptions& search, bool has_attention, const std::string& system,
                  const config::Node& tree) {
  // The rule of the first key, at the place of the first key that was written.
  const auto fail = [&](const std::vector<const char*>& keys, const std::string& message) {
    const auto written = std::find_if(keys.begin(), keys.end(), [&](const char* key) {
      const config::Node* node = tree.find(key);
      return node != nullptr && node->origin.kind != config::Origin::Kind::default_value;
    });
    config::fail_at(config::where(tree, written == keys.end() ? keys.front() : *written), keys.front(),
                    fmt::format("{} (system '{}')", message, system));
  };
  if (search.nbest > search.beam && !search.draws()) {
    fail({"decoding.nbest", "decoding.beam"},
         fmt::format("{} translations cannot come of a beam of {}; set decoding.beam to {} at least", search.nbest,
                     search.beam, search.nbest));
  }
  if (search.coverage_penalty > 0 && !has_attention) {
    fail({"decoding.coverage_penalty"},
         "there is no attention that could cover anything; set it to 0 for this system");
  }
  if (search.replace_unknown && !has_attention) {
    fail({"decoding.replace_unknown"},
         "there is no attention to say which word <unk> stands for; set it to false for this system");
  }
  if (!search.dictionary.empty() && !search.replace_unknown) {
    fail({"decoding.dictionary"},
         "nothing looks into it; set decoding.replace_unknown to true, or leave the dictionary out");
  }
  if (search.top_k > 0 && !search.draws()) {
    fail({"decoding.top_k"}, "no words are drawn; set decoding.temperature above 0, or leave top_k out");
  }
  if (search.max_length_factor == 0 && search.min_length >= search.max_length_extra && search.min_length > 0) {
    fail({"decoding.min_length", "decoding.max_length_factor", "decoding.max_length_extra"},
         fmt::format("{} words and an end are more than max_length_factor 0 "
                     "and max_length_extra {} allow; raise one of the two",
                     search.min_length, search.max_length_extra));
  }
}

}  // namespace regard::decoding
