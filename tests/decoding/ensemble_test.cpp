#include "framework/decoding/ensemble.h"

#include <cmath>

#include "tests/decoding/walk.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using decoding::SearchOptions;
using decoding::Translations;

models::Seq2Seq made(const char* attention, std::uint64_t seed, Index width = 4, DType type = DType::f64) {
  models::Seq2Seq model(toy_model(attention, width), kToyVocabulary, kToyVocabulary, seed, type);
  sharpen(model, 6, 0.5);
  return model;
}

Translations all_of(const std::vector<const models::Seq2Seq*>& models, const data::Dataset& data,
                    const SearchOptions& options) {
  return decoding::translate_all(models, data, options);
}

// Finds the best word by the mean of probabilities, step by step, with each model run separately.
decoding::Translation greedy(const std::vector<const models::Seq2Seq*>& models, const data::Dataset& data,
                             Index sentence, Index limit) {
  std::vector<std::unique_ptr<Walk>> walks;
  std::vector<Walk::Place> places;
  for (const auto* model : models) {
    walks.push_back(std::make_unique<Walk>(*model, data, sentence));
    places.push_back(walks.back()->start());
  }
  decoding::Translation found;
  for (Index step = 0; step < limit; ++step) {
    std::vector<double> mean(static_cast<std::size_t>(kToyVocabulary));
    std::vector<double> weights;
    double looking = 0;
    for (const auto& place : places) {
      for (std::size_t w = 0; w < mean.size(); ++w)
        mean[w] += std::exp(place.log_p[w]) / static_cast<double>(places.size());
      weights.resize(std::max(weights.size(), place.weights.size()));
      for (std::size_t s = 0; s < place.weights.size(); ++s) weights[s] += place.weights[s];
      looking += place.weights.empty() ? 0 : 1;
    }
    std::size_t best = data::kUnk;
    for (std::size_t w = 0; w < mean.size(); ++w) {
      if (is_translation(static_cast<Index>(w)) && mean[w] > mean[best]) best = w;
    }
    found.log_probability += std::log(mean[best]);
    for (double& weight : weights) weight /= looking;
    if (looking > 0) found.weights.add_row(std::span<const double>(weights));
    found.complete = best == data::kEos;
    if (found.complete) break;
    found.words.push_back(static_cast<Index>(best));
    for (std::size_t m = 0; m < places.size(); ++m)
      places[m] = walks[m]->after(places[m].state, static_cast<Index>(best));
  }
  return found;
}

}  // namespace

TEST_CASE("ensemble: probabilities are the mean over the models") {
  const Leaf a({2, 2}, {std::log(1), std::log(3), 5, 5}, DType::f64);
  const Leaf b({2, 2}, {std::log(3), std::log(1), std::log(9), std::log(1)}, DType::f32);
  std::vector<double> y{99};
  decoding::mean_log_probabilities(std::vector<Tensor>{a.value(), b.value()}, y);
  REQUIRE(y.size() == 4);
  CHECK(std::exp(y[0]) == Approx(0.5).epsilon(1e-6));
  CHECK(std::exp(y[1]) == Approx(0.5).epsilon(1e-6));
  CHECK(std::exp(y[2]) == Approx(0.7).epsilon(1e-6));
  CHECK(std::exp(y[3]) == Approx(0.3).epsilon(1e-6));
}

TEST_CASE("ensemble: models of different kinds and widths write by the mean of their probabilities") {
  const auto data = reverse_data(9, 1, 7);
  const auto none = made("none", 1);
  const auto general = made("general", 2, 6);
  const auto concat = made("concat", 3, 4, DType::f32);
  const std::vector<std::vector<const models::Seq2Seq*>> sets{
      {&none, &general}, {&general, &none}, {&general, &concat}, {&none, &general, &concat}};
  for (const auto& models : sets) {
    const bool rough = std::find(models.begin(), models.end(), &concat) != models.end();
    const auto found = all_of(models, data, {.beam = 1, .max_length_factor = 1, .max_length_extra = 2});
    for (Index i = 0; i < data.size(); ++i) {
      const auto& translation = found[static_cast<std::size_t>(i)].front();
      const auto expected = greedy(models, data, i, data.source.length(i) + 2);
      CHECK(translation.words == expected.words);
      CHECK(translation.complete == expected.complete);
      CHECK(translation.log_probability == Approx(expected.log_probability).epsilon(rough ? 1e-4 : 1e-9));
      REQUIRE(translation.weights.targets == expected.weights.targets);
      REQUIRE(translation.weights.sources == expected.weights.sources);
      for (std::size_t w = 0; w < expected.weights.values.size(); ++w)
        CHECK(std::abs(translation.weights.values[w] - expected.weights.values[w]) < 1e-5);
    }
  }
}

TEST_CASE("ensemble: a model with itself writes the same as alone") {
  const auto data = reverse_data(9, 1, 7);
  const auto general = made("general", 2);
  const SearchOptions options{.beam = 4, .batch_sentences = 4};
  const auto two = all_of({&general, &general}, data, options);
  const auto one = decoding::translate(general, data, options);
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK(two[i].front().words == one[i].words);
    CHECK(two[i].front().log_probability == Approx(one[i].log_probability).epsilon(1e-9));
  }
}

TEST_CASE("ensemble: models without attention have no weights") {
  const auto data = reverse_data(3, 1, 4);
  const auto a = made("none", 1);
  const auto b = made("none", 2);
  for (const auto& found : all_of({&a, &b}, data, {.beam = 2})) CHECK(found.front().weights.empty());
}

TEST_CASE("ensemble: models of other vocabularies are refused") {
  const auto a = made("none", 1);
  const models::Seq2Seq b(toy_model("none"), kToyVocabulary, kToyVocabulary + 1, 1, DType::f64);
  const std::vector<const models::Seq2Seq*> both{&a, &b};
  CHECK(internal_error([&] { static_cast<void>(decoding::Ensemble(both)); }) ==
        "an ensemble's members share their vocabulary");
  CHECK(internal_error([&] { static_cast<void>(decoding::Ensemble({})); }) == "an ensemble has a model at least");
}

}  // namespace regard::testing
