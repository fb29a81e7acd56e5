#include <map>

#include "tests/decoding/walk.h"
#include "tests/support/catch.h"

namespace regard::testing {
TEST_CASE("forced_loss: the words of all targets one by one for every model") {
  const auto data = reverse_data(5, 1, 6);
  Index tokens = 0;
  for (Index i = 0; i < data.size(); ++i) tokens += data.target.length(i) + 1;
  for (const auto& [name, options] : all_models()) {
    INFO(name);
    models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    sharpen(model, 3);
    const double expected = stepwise_loss(model, data);
    for (const Index batch : {1, 2, 64}) {
      const auto loss = decoding::forced_loss(model, data, batch);
      CHECK(loss.total == Approx(expected).epsilon(1e-9));
      CHECK(loss.tokens == tokens);
      CHECK(loss.per_token() == Approx(expected / static_cast<double>(tokens)).epsilon(1e-9));
    }
  }
}

TEST_CASE("forced_loss: the sum of the losses of batches") {
  const auto data = reverse_data(4, 1, 6);
  const models::Seq2Seq model(toy_model("general"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  double sum = 0;
  for (const auto& sentences : {std::vector<Index>{0, 3}, std::vector<Index>{1, 2}}) {
    Tape tape(DType::f64, Tape::Mode::evaluate);
    sum += model.loss({tape}, batch_of(data, sentences)).value().at(0);
  }
  CHECK(decoding::forced_loss(model, data, 3).total == Approx(sum).epsilon(1e-9));
}

TEST_CASE("forced_loss: of no sentences is nothing") {
  const models::Seq2Seq model(toy_model("dot"), kToyVocabulary, kToyVocabulary, 5);
  const auto loss = decoding::forced_loss(model, data::Dataset{}, 8);
  CHECK(loss.total == 0);
  CHECK(loss.tokens == 0);
  CHECK(loss.per_token() == 0);
}

TEST_CASE("forced_weights: the rows of each sentence whatever shares its batch") {
  const auto data = reverse_data(5, 1, 6);
  for (const auto& [name, options] : all_models()) {
    models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    if (!model.decoder().has_attention()) continue;
    INFO(name);
    sharpen(model, 3);
    std::map<Index, WeightMatrix> alone;
    decoding::forced_weights(model, data, 1,
                             [&](Index sentence, const WeightMatrix& one, const auto&) { alone[sentence] = one; });
    CHECK(static_cast<Index>(alone.size()) == data.size());
    Index seen = 0;
    decoding::forced_weights(model, data, 64, [&](Index sentence, const WeightMatrix& one, const auto&) {
      ++seen;
      const WeightMatrix& expected = alone.at(sentence);
      CHECK(one.targets == data.target.length(sentence) + 1);
      CHECK(one.sources == data.source.length(sentence) + 1);
      REQUIRE(one.values.size() == expected.values.size());
      for (std::size_t i = 0; i < one.values.size(); ++i)
        CHECK(one.values[i] == Approx(expected.values[i]).margin(1e-9));
    });
    CHECK(seen == data.size());
  }
}

TEST_CASE("translations_given: what a search found is what is given back for its words") {
  const auto data = reverse_data(7, 1, 6);
  models::Seq2Seq none(toy_model("none"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  models::Seq2Seq general(toy_model("general"), kToyVocabulary, kToyVocabulary, 6, DType::f64);
  sharpen(none, 6, 1);
  sharpen(general, 6, 1);
  for (const std::vector<const models::Seq2Seq*>& models :
       {std::vector<const models::Seq2Seq*>{&none}, {&general}, {&none, &general}}) {
    const decoding::SearchOptions options{.beam = 4,
                                          .length_norm = decoding::LengthNorm::gnmt,
                                          .length_penalty = 0.7,
                                          .coverage_penalty = 0.3,
                                          .min_length = 2,  // several rows of weights
                                          .max_length_factor = 9};
    const auto found = decoding::translate_all(models, data, options);
    data::Dataset given = data;
    given.target = {};
    for (const auto& list : found) {
      REQUIRE(list.front().complete);
      given.target.add(std::vector<data::TokenId>(list.front().words.begin(), list.front().words.end()));
    }
    const auto forced = decoding::translations_given(models, given, options);
    for (std::size_t i = 0; i < forced.size(); ++i) {
      const auto& expected = found[i].front();
      CHECK(forced[i].words == expected.words);
      CHECK(forced[i].complete);
      CHECK(forced[i].log_probability == Approx(expected.log_probability).epsilon(1e-9));
      CHECK(forced[i].score == Approx(expected.score).epsilon(1e-6));
      CHECK(forced[i].weights.sources == expected.weights.sources);
      REQUIRE(forced[i].weights.targets == expected.weights.targets);
      for (std::size_t w = 0; w < expected.weights.values.size(); ++w)
        CHECK(std::abs(forced[i].weights.values[w] - expected.weights.values[w]) < 1e-6);
    }
  }
}

TEST_CASE("maps_of: the maps of what a search found have its weights as their mean") {
  const auto data = reverse_data(7, 1, 6);
  for (const char* attention : {"multi_head", "general"}) {
    models::Seq2Seq model(toy_model(attention, 8), kToyVocabulary, kToyVocabulary, 6, DType::f64);
    sharpen(model, 3, 1);
    for (const Index extra : {0, 20}) {  // cut and complete ones
      const auto found =
          decoding::translate(model, data, {.beam = 2, .max_length_factor = 0.5, .max_length_extra = extra});
      std::vector<const decoding::Translation*> all;
      for (const auto& translation : found) all.push_back(&translation);
      const auto maps = decoding::maps_of(model, data, all);
      REQUIRE(maps.size() == found.size());
      for (std::size_t i = 0; i < maps.size(); ++i) {
        if (std::string(attention) == "general") {
          CHECK(maps[i].empty());
          continue;
        }
        REQUIRE(maps[i].size() == 4);
        const WeightMatrix& weights = found[i].weights;
        CHECK(weights.targets == static_cast<Index>(found[i].words.size()) + (found[i].complete ? 1 : 0));
        for (const WeightMatrix& map : maps[i]) {
          REQUIRE(map.targets == weights.targets);
          REQUIRE(map.sources == weights.sources);
        }
        for (std::size_t at = 0; at < weights.values.size(); ++at) {
          double mean = 0;
          for (const WeightMatrix& map : maps[i]) mean += map.values[at] / 4;
          CHECK(std::abs(mean - weights.values[at]) < 1e-5);
        }
      }
    }
  }
}

TEST_CASE("translations_given: together they are the loss of all targets and none is cut") {
  const auto data = reverse_data(40, 1, 9);
  models::Seq2Seq model(toy_model("concat"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  double total = 0;
  for (const auto& translation :
       decoding::translations_given(std::vector<const models::Seq2Seq*>{&model}, data,
                                    {.max_length_factor = 0, .max_length_extra = 1, .block_ngrams = 1})) {
    CHECK(translation.complete);
    total += translation.log_probability;
  }
  CHECK(-total == Approx(decoding::forced_loss(model, data, 8).total).epsilon(1e-9));
}

}  // namespace regard::testing
