#include "framework/decoding/sampling.h"

#include <cmath>
#include <limits>

#include "framework/base/parallel.h"
#include "tests/decoding/walk.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using decoding::Candidate;
using decoding::SearchOptions;
using Words = std::vector<Index>;

constexpr Index kMany = 20000;

// Returns how often each word of a row is sampled.
std::vector<double> shares(const std::vector<double>& logits, const SearchOptions& options,
                           const Words& never = {}, const Words& forbidden = {}, DType type = DType::f64) {
  const Leaf leaf({1, static_cast<Index>(logits.size())}, logits, type);
  std::vector<decoding::Draw> draws;
  for (Index i = 0; i < kMany; ++i) draws.push_back({0, decoding::key_of(options, i, 0), 0});
  const std::vector<Words> lists{forbidden};
  std::vector<Candidate> drawn;
  decoding::draw_words(leaf.value(), draws, options, never, lists, drawn);
  std::vector<double> counts(logits.size());
  for (const Candidate& candidate : drawn) counts[static_cast<std::size_t>(candidate.word)] += 1.0 / kMany;
  return counts;
}

void check_shares(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t w = 0; w < found.size(); ++w) {
    INFO("word " << w);
    if (expected[w] == 0) CHECK(found[w] == 0);
    // Returns five standard deviations of a share.
    CHECK(std::abs(found[w] - expected[w]) <= 5 * std::sqrt(expected[w] * (1 - expected[w]) / kMany) + 1e-9);
  }
}

models::Seq2Seq model_of(const char* attention, DType type = DType::f64) {
  models::Seq2Seq model(toy_model(attention), kToyVocabulary, kToyVocabulary, 7, type);
  sharpen(model, 4, 0.5);
  return model;
}

decoding::Translations drawn(const models::Seq2Seq& model, const data::Dataset& data, SearchOptions options) {
  options.temperature = options.temperature == 0 ? 1 : options.temperature;
  const models::Seq2Seq* const one = &model;
  return decoding::translate_all({&one, 1}, data, options);
}

}  // namespace

TEST_CASE("sampling: the frequency of a word is its probability") {
  const std::vector<double> logits{std::log(1), std::log(2), std::log(3), std::log(4)};
  for (const DType type : {DType::f64, DType::f32}) {
    check_shares(shares(logits, {.temperature = 1}, {}, {}, type), {0.1, 0.2, 0.3, 0.4});
  }
  check_shares(shares(logits, {.temperature = 0.5}), {1 / 30.0, 4 / 30.0, 9 / 30.0, 16 / 30.0});
  check_shares(shares(logits, {.temperature = 1, .top_k = 2}), {0, 0, 3 / 7.0, 4 / 7.0});
  check_shares(shares(logits, {.temperature = 1, .top_k = 1}), {0, 0, 0, 1});
  check_shares(shares(logits, {.temperature = 1, .top_k = 99}, {3}), {1 / 6.0, 2 / 6.0, 3 / 6.0, 0});
  check_shares(shares(logits, {.temperature = 1}, {3}, {1}), {1 / 4.0, 0, 3 / 4.0, 0});
}

TEST_CASE("sampling: top k keeps the smaller ids of equally likely words") {
  check_shares(shares({1, 1, 1, 1}, {.temperature = 1, .top_k = 2}), {0.5, 0.5, 0, 0});
}

TEST_CASE("sampling: the log probability of a word is that of the model") {
  const Leaf leaf({1, 4}, {std::log(1), std::log(2), std::log(3), std::log(4)}, DType::f64);
  const std::vector<decoding::Draw> draws{{0, Key(1, "x"), 0}, {0, Key(1, "x"), 1}, {0, Key(1, "x"), 2}};
  std::vector<Candidate> found;
  decoding::draw_words(leaf.value(), draws, {.temperature = 0.3, .top_k = 3}, {}, {}, found);
  for (const Candidate& candidate : found)
    CHECK(candidate.log_probability == Approx(std::log(0.1 * static_cast<double>(candidate.word + 1))));
}

TEST_CASE("sampling: NaN logits give a word and a row without allowed words gives none") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<Candidate> found;
  const std::vector<decoding::Draw> draws{{0, Key(1, "x"), 0}};
  for (const std::vector<double>& logits : {std::vector<double>{nan, nan, nan}, {nan, 1, 2}, {1, nan, -1e300}}) {
    const Leaf leaf({1, 3}, logits, DType::f64);
    decoding::draw_words(leaf.value(), draws, {.temperature = 1, .top_k = 2}, {}, {}, found);
    CHECK((found[0].word >= 0 && found[0].word < 3));
  }
  const Leaf leaf({1, 2}, {1, 2}, DType::f64);
  const std::vector<Words> all{{0, 1}};
  decoding::draw_words(leaf.value(), draws, {.temperature = 1}, {}, all, found);
  CHECK(found[0].word == decoding::kNoWord);
}

TEST_CASE("sampling: batches and threads and more samples change nothing") {
  const auto data = reverse_data(13, 1, 7);
  const int before = threads();
  for (const char* attention : {"none", "general"}) {
    const auto model = model_of(attention);
    for (const Index top_k : {0, 3}) {
      const SearchOptions options{.nbest = 3, .max_length_factor = 1, .top_k = top_k, .batch_sentences = 64};
      const auto expected = drawn(model, data, options);
      Index different = 0;
      for (const auto& [batch, nbest, count] : {std::array<Index, 3>{1, 3, 1}, {4, 3, 2}, {64, 3, 2}, {5, 2, 1}}) {
        INFO(attention << ", batch " << batch << ", " << nbest << " of them");
        auto changed = options;
        changed.batch_sentences = batch;
        changed.nbest = nbest;
        set_threads(static_cast<int>(count));
        const auto found = drawn(model, data, changed);
        for (std::size_t i = 0; i < found.size(); ++i) {
          REQUIRE(static_cast<Index>(found[i].size()) == nbest);
          for (std::size_t k = 0; k < found[i].size(); ++k) {
            CHECK(found[i][k].words == expected[i][k].words);
            CHECK(found[i][k].log_probability == Approx(expected[i][k].log_probability).epsilon(1e-9));
            CHECK(found[i][k].weights.targets == expected[i][k].weights.targets);
          }
          different += found[i][0].words != found[i][1].words ? 1 : 0;
        }
      }
      CHECK(different > 13);  // the samples of a sentence differ
      set_threads(before);
    }
  }
}

TEST_CASE("sampling: another seed gives other words and top k of 1 is greedy search") {
  const auto data = reverse_data(9, 1, 6);
  const auto model = model_of("general");
  const auto first = drawn(model, data, {.sample_seed = 1});
  const auto second = drawn(model, data, {.sample_seed = 2});
  Index different = 0;
  for (std::size_t i = 0; i < first.size(); ++i) different += first[i][0].words != second[i][0].words ? 1 : 0;
  CHECK(different > 3);
  const auto greedy = decoding::translate(model, data, {.beam = 1});
  const auto cold = drawn(model, data, {.temperature = 1e-6});
  const auto one = drawn(model, data, {.top_k = 1});
  for (std::size_t i = 0; i < greedy.size(); ++i) {
    CHECK(cold[i][0].words == greedy[i].words);
    CHECK(one[i][0].words == greedy[i].words);
  }
}

TEST_CASE("sampling: constraints are kept and probabilities are those of the words") {
  const auto data = reverse_data(9, 1, 6);
  const auto model = model_of("general");
  const auto found = drawn(
      model, data, {.nbest = 2, .min_length = 3, .max_length_factor = 1, .block_ngrams = 1, .temperature = 3});
  for (Index i = 0; i < data.size(); ++i) {
    for (const auto& translation : found[static_cast<std::size_t>(i)]) {
      CHECK(translation.words.size() >= 3);
      auto sorted = translation.words;
      std::sort(sorted.begin(), sorted.end());
      CHECK(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end());
      CHECK(translation.log_probability == Approx(stepwise_log_p(model, data, i, translation)).epsilon(1e-9));
    }
  }
}

}  // namespace regard::testing
