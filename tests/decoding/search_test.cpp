#include "framework/decoding/search.h"

#include <limits>

#include "framework/base/parallel.h"
#include "tests/decoding/walk.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

using decoding::SearchOptions;
using decoding::translate;
using decoding::Translation;

Index limit_of(const SearchOptions& options, Index words) {
  return static_cast<Index>(options.max_length_factor * static_cast<double>(words)) + options.max_length_extra;
}

// Greedy search by its definition.
Translation greedy(const models::Seq2Seq& model, const data::Dataset& data, Index sentence,
                   const SearchOptions& options) {
  Walk walk(model, data, sentence);
  Translation found;
  auto place = walk.start();
  for (Index step = 0; step < limit_of(options, walk.source_length() - 1); ++step) {
    Index best = -1;
    for (Index word = 0; word < model.target_vocabulary(); ++word) {
      const auto at = static_cast<std::size_t>(word);
      if (is_translation(word) && (best < 0 || place.log_p[at] > place.log_p[static_cast<std::size_t>(best)]))
        best = word;
    }
    found.log_probability += place.log_p[static_cast<std::size_t>(best)];
    if (!place.weights.empty()) found.weights.add_row(std::span<const double>(place.weights));
    if (best == data::kEos) {
      found.complete = true;
      break;
    }
    found.words.push_back(best);
    place = walk.after(place.state, best);
  }
  return found;
}

models::Seq2Seq decided(const models::ModelOptions& options, DType type = DType::f64, double end = 1) {
  models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 7, type);
  sharpen(model, 8, end);
  return model;
}

void check_same(const std::vector<Translation>& a, const std::vector<Translation>& b, double tolerance) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    INFO("sentence " << i);
    CHECK(a[i].words == b[i].words);
    CHECK(a[i].complete == b[i].complete);
    CHECK(std::abs(a[i].log_probability - b[i].log_probability) <=
          tolerance * (1 + std::abs(b[i].log_probability)));
    CHECK(a[i].weights.sources == b[i].weights.sources);
    REQUIRE(a[i].weights.targets == b[i].weights.targets);
    double most = 0;
    for (std::size_t w = 0; w < a[i].weights.values.size(); ++w) {
      most = std::max(most, std::abs(a[i].weights.values[w] - b[i].weights.values[w]));
    }
    CHECK(most <= 1e-6);
  }
}

}  // namespace

TEST_CASE("search: a beam of 1 equals greedy search word by word for every model") {
  const auto data = reverse_data(6, 1, 7);
  const SearchOptions options{.beam = 1, .max_length_factor = 1, .max_length_extra = 2};
  Index complete = 0;
  Index cut = 0;
  for (const auto& [name, model_options] : all_models()) {
    INFO(name);
    const auto model = decided(model_options);
    std::vector<Translation> expected;
    for (Index i = 0; i < data.size(); ++i) expected.push_back(greedy(model, data, i, options));
    check_same(translate(model, data, options), expected, 1e-9);
    for (const auto& translation : expected) ++(translation.complete ? complete : cut);
  }
  CHECK(complete > 0);
  CHECK(cut > 0);
}

TEST_CASE("search: sentences have the same translations together and alone for every model") {
  const auto data = reverse_data(11, 1, 8);
  for (const auto& [name, model_options] : all_models()) {
    const auto model = decided(model_options);
    for (const Index beam : {1, 4}) {
      INFO(name << ", beam " << beam);
      const auto alone = translate(model, data, {.beam = beam, .batch_sentences = 1});
      check_same(translate(model, data, {.beam = beam, .batch_sentences = 64}), alone, 1e-9);
      check_same(translate(model, data, {.beam = beam, .batch_sentences = 3}), alone, 1e-9);
    }
  }
}

TEST_CASE("search: a batch changes a word in f32 only if two were equally good") {
  const auto data = reverse_data(16, 1, 8);
  for (const char* attention : {"none", "dot", "general", "concat"}) {
    INFO(attention);
    const auto model = decided(toy_model(attention, 16), DType::f32);
    const auto alone = translate(model, data, {.beam = 1, .batch_sentences = 1});
    const auto together = translate(model, data, {.beam = 1, .batch_sentences = 16});
    for (Index i = 0; i < data.size(); ++i) {
      const auto& a = alone[static_cast<std::size_t>(i)].words;
      const auto& b = together[static_cast<std::size_t>(i)].words;
      CHECK(a.empty() == b.empty());
      if (a == b) continue;
      Walk walk(model, data, i);
      auto place = walk.start();
      std::size_t at = 0;
      for (; at < a.size() && at < b.size() && a[at] == b[at]; ++at) place = walk.after(place.state, a[at]);
      const auto next = [&](const auto& words) {
        return static_cast<std::size_t>(at < words.size() ? words[at] : data::kEos);
      };
      CHECK(std::abs(place.log_p[next(a)] - place.log_p[next(b)]) < 1e-4);
    }
  }
}

TEST_CASE("search: sentences that leave the batch early do not affect the others") {
  // The model never writes </s>, so each sentence leaves at its own limit, one after the other.
  const auto data = reverse_data(16, 1, 12);
  for (const auto& [name, model_options] : all_models()) {
    const auto model = decided(model_options, DType::f64, -100);
    for (const Index beam : {1, 3}) {
      INFO(name << ", beam " << beam);
      const SearchOptions options{
          .beam = beam, .max_length_factor = 1, .max_length_extra = 1, .batch_sentences = 16};
      auto one_by_one = options;
      one_by_one.batch_sentences = 1;
      check_same(translate(model, data, options), translate(model, data, one_by_one), 1e-9);
    }
  }
}

TEST_CASE("search: no translation is longer than its limit") {
  const auto data = reverse_data(8, 1, 6);
  const auto model = decided(toy_model("general"), DType::f64, -100);
  for (const double factor : {0.0, 0.5, 2.0}) {
    const SearchOptions options{.beam = 2, .max_length_factor = factor, .max_length_extra = 3};
    const auto found = translate(model, data, options);
    for (Index i = 0; i < data.size(); ++i) {
      const auto& translation = found[static_cast<std::size_t>(i)];
      const Index words = static_cast<Index>(translation.words.size());
      CHECK(!translation.complete);
      CHECK(words == limit_of(options, data.source.length(i)));
      CHECK(translation.weights.targets == words);
      CHECK(translation.weights.sources == (words == 0 ? 0 : data.source.length(i) + 1));
    }
  }
}

TEST_CASE("search: attention has one row for each word and one for the end and each sums to 1") {
  const auto data = reverse_data(9, 1, 7);
  for (const char* attention : {"none", "dot", "general", "concat"}) {
    for (const Index beam : {1, 4}) {
      INFO(attention << ", beam " << beam);
      for (const auto& translation : translate(decided(toy_model(attention)), data, {.beam = beam})) {
        if (std::string(attention) == "none") {
          CHECK(translation.weights.empty());
          continue;
        }
        const std::size_t rows = translation.words.size() + (translation.complete ? 1 : 0);
        REQUIRE(translation.weights.targets == static_cast<Index>(rows));
        for (Index row = 0; row < translation.weights.targets; ++row) {
          double sum = 0;
          for (const double weight : translation.weights.row(row)) sum += weight;
          CHECK(sum == Approx(1).epsilon(1e-6));
        }
      }
    }
  }
}

TEST_CASE("search: the probability and score of a winner are those of its words") {
  const auto data = reverse_data(6, 1, 6);
  for (const double alpha : {0.0, 0.6, 1.0}) {
    for (const auto& [name, model_options] : all_models()) {
      INFO(name << ", alpha " << alpha);
      const auto model = decided(model_options);
      const auto found = translate(model, data, {.beam = 4, .length_penalty = alpha});
      for (Index i = 0; i < data.size(); ++i) {
        const auto& translation = found[static_cast<std::size_t>(i)];
        Walk walk(model, data, i);
        auto place = walk.start();
        double log_p = 0;
        WeightMatrix weights;
        auto words = translation.words;
        if (translation.complete) words.push_back(data::kEos);
        for (const Index word : words) {
          log_p += place.log_p[static_cast<std::size_t>(word)];
          if (!place.weights.empty()) weights.add_row(std::span<const double>(place.weights));
          place = walk.after(place.state, word);
        }
        CHECK(translation.log_probability == Approx(log_p).epsilon(1e-9));
        CHECK(translation.score ==
              Approx(log_p / std::pow(static_cast<double>(words.size()), alpha)).epsilon(1e-9));
        REQUIRE(weights.targets == translation.weights.targets);
        REQUIRE(weights.sources == translation.weights.sources);
        for (std::size_t w = 0; w < weights.values.size(); ++w)
          CHECK(std::abs(weights.values[w] - translation.weights.values[w]) < 1e-6);
      }
    }
  }
}

TEST_CASE("search: results have the same bytes for any number of threads") {
  const auto data = reverse_data(24, 1, 9);
  const int before = threads();
  for (const char* attention : {"none", "general", "concat"}) {
    INFO(attention);
    const auto model = decided(toy_model(attention, 48), DType::f32);
    set_threads(1);
    const auto one = translate(model, data, {.beam = 4});
    const auto loss = decoding::forced_loss(model, data, 24);
    for (const int count : {2, 3, 4}) {
      set_threads(count);
      const auto several = translate(model, data, {.beam = 4});
      for (std::size_t i = 0; i < one.size(); ++i) {
        CHECK(one[i].words == several[i].words);
        CHECK(one[i].log_probability == several[i].log_probability);
        CHECK(one[i].weights == several[i].weights);
      }
      CHECK(decoding::forced_loss(model, data, 24).total == loss.total);
    }
    set_threads(before);
  }
}

TEST_CASE("search: a search with NaN in the model still ends") {
  const auto data = reverse_data(3, 1, 4);
  auto model = decided(toy_model("general"));
  model.params().find("output/b")->value().set(5, std::numeric_limits<double>::quiet_NaN());
  for (const Index beam : {1, 3}) {
    const auto found = translate(model, data, {.beam = beam});
    for (std::size_t i = 0; i < found.size(); ++i)
      CHECK(static_cast<Index>(found[i].words.size()) <= limit_of({}, data.source.length(static_cast<Index>(i))));
  }
}

TEST_CASE("search: no sentences give no translations and a beam may be wider than the vocabulary") {
  const auto model = decided(toy_model("dot"));
  CHECK(translate(model, data::Dataset{}, {}).empty());
  const auto data = reverse_data(2, 2, 3);
  CHECK(translate(model, data, {.beam = 50, .max_length_factor = 1, .max_length_extra = 1}).size() == 2);
}

}  // namespace regard::testing
