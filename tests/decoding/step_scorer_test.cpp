#include "framework/decoding/step_scorer.h"

#include <vector>

#include "tests/decoding/walk.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using decoding::StepScorer;
using Numbers = std::vector<double>;

std::vector<NamedModel> some_models() {
  std::vector<NamedModel> all{{"none", toy_model("none")},
                              {"general", toy_model("general")},
                              {"coverage", toy_model("coverage")},
                              {"every step", toy_model("none")},
                              {"feeding gru", toy_model("general")}};
  all[3].options.decoder.final_state = models::FinalState::every_step;
  all[4].options.decoder.input_feeding = true;
  all[4].options.cell = models::Cell::gru;
  all[4].options.encoder.layers = all[4].options.decoder.layers = 2;
  return all;
}

Numbers row(const Tensor& matrix, Index i) { return values(matrix.slice(i, 1)); }

// log p of all words, from a row of logits.
Numbers log_p(const Tensor& logits, Index i) {
  Numbers all = row(logits, i);
  const double largest = *std::max_element(all.begin(), all.end());
  double sum = 0;
  for (const double x : all) sum += std::exp(x - largest);
  for (double& x : all) x -= largest + std::log(sum);
  return all;
}

bool near(const Numbers& a, const Numbers& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) < 1e-9)) return false;
  }
  return true;
}

// The place of a sentence after these words, each of them scored through the decoder itself.
Walk::Place walked(Walk& walk, const std::vector<Index>& words) {
  Walk::Place place = walk.start();
  for (const Index word : words) place = walk.after(place.state, word);
  return place;
}

}  // namespace

TEST_CASE("step_scorer: rows of the previous step are repeated and reordered with their sentences") {
  const auto data = reverse_data(3, 2, 5);
  for (const auto& [name, options] : some_models()) {
    INFO(name);
    const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    StepScorer scorer(model);
    scorer.start(whole_batch(data));
    const Index bos = data::kBos;
    const auto first = scorer.step({{0, 1, 2}, {bos, bos, bos}});
    CHECK(first.logits.shape() == Shape{3, kToyVocabulary});
    CHECK(first.weights.empty() == (options.attention.name == "none"));
    // Two hypotheses of each sentence; in the last step those of the second sentence have changed places.
    static_cast<void>(scorer.step({{0, 0, 1, 1, 2, 2}, {4, 5, 6, 7, 8, 9}}));
    const auto last = scorer.step({{1, 1, 3, 2, 4, 5}, {6, 7, 4, 5, 10, 11}});
    const std::vector<std::vector<Index>> words{{5, 6}, {5, 7}, {7, 4}, {6, 5}, {8, 10}, {9, 11}};
    for (Index i = 0; i < 6; ++i) {
      Walk walk(model, data, i / 2);
      const Walk::Place place = walked(walk, words[static_cast<std::size_t>(i)]);
      INFO("row " << i);
      CHECK(near(log_p(last.logits, i), place.log_p));
      if (last.weights.empty()) continue;
      Numbers weights = row(last.weights, i);
      for (std::size_t s = place.weights.size(); s < weights.size(); ++s) CHECK(weights[s] == 0);
      weights.resize(place.weights.size());
      CHECK(near(weights, place.weights));
    }
  }
}

TEST_CASE("step_scorer: sentences that are kept go on as if the others had never been there") {
  const auto data = reverse_data(4, 2, 5);
  const Index bos = data::kBos;
  for (const auto& [name, options] : some_models()) {
    INFO(name);
    const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    StepScorer scorer(model);
    for (int time = 0; time < 2; ++time) {  // start() forgets the batch before
      scorer.start(whole_batch(data));
      static_cast<void>(scorer.step({{0, 1, 2, 3}, {bos, bos, bos, bos}}));
      scorer.keep(std::vector<Index>{1, 3});
      static_cast<void>(scorer.step({{1, 3}, {4, 5}}));
      scorer.keep(std::vector<Index>{1});
      const auto last = scorer.step({{1}, {6}});
      Walk walk(model, data, 3);
      CHECK(last.logits.shape() == Shape{1, kToyVocabulary});
      CHECK(near(log_p(last.logits, 0), walked(walk, {5, 6}).log_p));
      scorer.keep({});
    }
  }
}

TEST_CASE("step_scorer: what a step gives lasts until the step after the next") {
  const auto data = reverse_data(1, 3, 3);
  const models::Seq2Seq model(toy_model("general"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  StepScorer scorer(model);
  CHECK(&scorer.model() == &model);
  scorer.start(whole_batch(data));
  const auto first = scorer.step({{0}, {data::kBos}});
  const Numbers logits = values(first.logits), weights = values(first.weights);
  const auto second = scorer.step({{0}, {4}});
  CHECK(values(first.logits) == logits);
  CHECK(values(first.weights) == weights);
  CHECK(values(second.logits) != logits);
}

}  // namespace regard::testing
