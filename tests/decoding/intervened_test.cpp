#include "framework/decoding/intervened.h"

#include "framework/base/errors.h"
#include "framework/decoding/search.h"
#include "tests/decoding/walk.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using decoding::Replaced;
using models::Replacement;

double sum(const std::vector<double>& all) {
  double total = 0;
  for (const double one : all) total += one;
  return total;
}

std::vector<std::vector<Index>> words(const models::Seq2Seq& model, const data::Dataset& data,
                                      const Replaced* replaced, Index batch = 64) {
  decoding::SearchOptions options;
  options.beam = 3;
  options.batch_sentences = batch;
  const models::Seq2Seq* const one = &model;
  std::vector<std::vector<Index>> all;
  for (const auto& found : decoding::translate_all({&one, 1}, data, options, replaced))
    all.push_back(found.front().words);
  return all;
}

}  // namespace

TEST_CASE("sentence_losses: they sum up to the forced loss for every model") {
  const auto data = reverse_data(11, 1, 6);
  for (const auto& [name, options] : all_models()) {
    INFO(name);
    const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    CHECK(sum(decoding::sentence_losses(model, data)) ==
          Approx(decoding::forced_loss(model, data, 64).total).epsilon(1e-9));
  }
}

TEST_CASE("sentence_losses: a guide that is the model itself changes nothing and neither do its own weights") {
  const auto data = reverse_data(9, 1, 6);
  for (const auto& [name, feeding] :
       {std::pair{"general", false}, {"general", true}, {"coverage", false}, {"pointer", true}}) {
    INFO(name << " " << feeding);
    models::ModelOptions options = toy_model(name);
    options.decoder.input_feeding = feeding;
    const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    const auto own = decoding::sentence_losses(model, data);
    const Replaced itself{.replacement = Replacement::given, .guide = &model};
    std::vector<WeightMatrix> rows(static_cast<std::size_t>(data.size()));
    decoding::forced_weights(model, data, 4, [&](Index sentence, const WeightMatrix& weights, const auto&) {
      rows[static_cast<std::size_t>(sentence)] = weights;
    });
    const Replaced given{.replacement = Replacement::given, .rows = &rows};
    for (const Replaced* replaced : {&itself, &given}) {
      const auto found = decoding::sentence_losses(model, data, replaced);
      for (std::size_t i = 0; i < own.size(); ++i) CHECK(found[i] == Approx(own[i]).epsilon(1e-9));
    }
    CHECK(words(model, data, &itself) == words(model, data, nullptr));
    for (WeightMatrix& row : rows) std::fill(row.values.begin(), row.values.end(), 0.0);
    CHECK(sum(decoding::sentence_losses(model, data, &given)) == Approx(sum(own)).epsilon(1e-9));
  }
}

TEST_CASE("translate_all: replaced weights do not depend on the batch or on sentences that are done") {
  const auto data = reverse_data(23, 1, 9);
  models::Seq2Seq model(toy_model("general"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  const models::Seq2Seq other(toy_model("dot"), kToyVocabulary, kToyVocabulary, 6, DType::f64);
  sharpen(model, 4, -1);
  const auto own = words(model, data, nullptr);
  for (const Replaced& replaced :
       {Replaced{.replacement = Replacement::shuffled, .seed = 3}, Replaced{.replacement = Replacement::shifted},
        Replaced{.replacement = Replacement::given, .guide = &other}}) {
    const auto together = words(model, data, &replaced);
    CHECK(together == words(model, data, &replaced, 1));
    CHECK(together == words(model, data, &replaced, 5));
    CHECK(together != own);
  }
}

TEST_CASE("sentence_losses: a model that reads nothing of its context loses nothing under even weights") {
  const auto data = reverse_data(9, 2, 6);
  models::Seq2Seq model(toy_model("general"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  const Replaced even;
  CHECK(std::abs(sum(decoding::sentence_losses(model, data, &even)) -
                 sum(decoding::sentence_losses(model, data))) > 1e-6);
  const Tensor W = model.params().find("decoder/W_c/W")->value();  // [readout, context + hidden]
  const Index context = W.cols() - model.decoder().readout_width();
  for (Index row = 0; row < W.rows(); ++row) {
    for (Index column = 0; column < context; ++column) W.set(row * W.cols() + column, 0);
  }
  CHECK(sum(decoding::sentence_losses(model, data, &even)) ==
        Approx(sum(decoding::sentence_losses(model, data))).epsilon(1e-12));
}

TEST_CASE("step scorer: weights of the target's positions are refused in search") {
  const auto data = reverse_data(2, 2, 3);
  const models::Seq2Seq model(toy_model("general"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  const std::vector<WeightMatrix> rows(2);
  const Replaced given{.replacement = Replacement::given, .rows = &rows};
  CHECK(thrown<InternalError>([&] {
          static_cast<void>(words(model, data, &given));
        }).ends_with(": weights for the target's positions have no meaning for another translation"));
}

}  // namespace regard::testing
