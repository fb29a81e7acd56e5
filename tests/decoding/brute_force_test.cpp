// A beam that holds everything against all translations there are.
#include "tests/decoding/walk.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

constexpr Index kWords = 6;            // <pad> <unk> <s> </s> and two more: three words a step beside </s>
constexpr Index kLimit = 4;            // </s> counted
constexpr Index kAll = 3 * 3 * 3 * 4;  // extensions of all hypotheses in the last step

struct Best {
  std::vector<Index> words;
  double log_p = 0;
  double score = -INFINITY;
};

void enumerate(Walk& walk, const Walk::Place& place, std::vector<Index>& words, double log_p, double alpha,
               Best& best) {
  const double ended = log_p + place.log_p[data::kEos];
  const double score = ended / std::pow(static_cast<double>(words.size() + 1), alpha);
  if (score > best.score) best = {words, ended, score};
  if (static_cast<Index>(words.size()) + 1 == kLimit) return;
  for (Index word = 0; word < kWords; ++word) {
    if (!is_translation(word) || word == data::kEos) continue;
    words.push_back(word);
    enumerate(walk, walk.after(place.state, word), words, log_p + place.log_p[static_cast<std::size_t>(word)],
              alpha, best);
    words.pop_back();
  }
}

Best brute_force(const models::Seq2Seq& model, const data::Dataset& data, Index sentence, double alpha) {
  Walk walk(model, data, sentence);
  Best best;
  std::vector<Index> words;
  enumerate(walk, walk.start(), words, 0, alpha, best);
  return best;
}

}  // namespace

TEST_CASE("search: a beam of full width finds the best of all translations") {
  const auto data = reverse_data(3, 1, 4);
  std::size_t lengths_seen[kLimit] = {};
  for (const char* attention : {"none", "general", "concat"}) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      auto options = toy_model(attention);
      options.decoder.input_feeding = seed == 2;
      options.encoder.layers = options.decoder.layers = seed == 3 ? 2 : 1;
      models::Seq2Seq model(options, kToyVocabulary, kWords, seed, DType::f64);
      sharpen(model, 6, -1);
      for (const double alpha : {0.0, 0.6, 1.0, 2.0}) {
        INFO(attention << ", seed " << seed << ", alpha " << alpha);
        const auto found = decoding::translate(
            model, data,
            {.beam = kAll, .length_penalty = alpha, .max_length_factor = 0, .max_length_extra = kLimit});
        for (Index i = 0; i < data.size(); ++i) {
          const Best best = brute_force(model, data, i, alpha);
          const auto& translation = found[static_cast<std::size_t>(i)];
          CHECK(translation.words == best.words);
          CHECK(translation.complete);
          CHECK(translation.log_probability == Approx(best.log_p).epsilon(1e-9));
          CHECK(translation.score == Approx(best.score).epsilon(1e-9));
          ++lengths_seen[best.words.size()];
        }
      }
    }
  }
  // The comparison is worth something only if short and long translations both win.
  CHECK(lengths_seen[0] > 0);
  CHECK(lengths_seen[kLimit - 1] > 0);
}

TEST_CASE("search: a wider beam never has a worse winner than the best of all") {
  const auto data = reverse_data(4, 1, 4);
  models::Seq2Seq model(toy_model("dot"), kToyVocabulary, kWords, 4, DType::f64);
  sharpen(model, 6, -1);
  for (const Index beam : {1, 2, 3, 5}) {
    const auto found = decoding::translate(
        model, data, {.beam = beam, .length_penalty = 1, .max_length_factor = 0, .max_length_extra = kLimit});
    for (Index i = 0; i < data.size(); ++i) {
      const auto& translation = found[static_cast<std::size_t>(i)];
      if (translation.complete) CHECK(translation.score <= brute_force(model, data, i, 1).score + 1e-9);
    }
  }
}

}  // namespace regard::testing
