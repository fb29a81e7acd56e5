// Compares whole models with PyTorch: both cells, one and two directions, each built-in score, both orders, and
// each other option of a model. tools/peers/load_in_pytorch.py does the same for a finished run.
#include <algorithm>
#include <cmath>

#include "tests/models/golden/models.h"
#include "tests/support/catch.h"
#include "tests/support/toy.h"

namespace regard::testing {
namespace {

constexpr Index kWords = 7;

models::ModelOptions options_of(const golden::GoldenOptions& golden) {
  models::ModelOptions options = toy_model(golden.attention);
  options.cell = golden.cell;
  options.embedding = 3;
  options.hidden = 4;
  options.residual = golden.residual;
  options.layer_norm = golden.layer_norm;
  options.tied_embeddings = golden.tied;
  options.encoder.layers = options.decoder.layers = golden.layers;
  options.encoder.bidirectional = golden.bidirectional;
  options.encoder.reverse_source = golden.reverse;
  options.decoder.order = golden.order;
  options.decoder.input_feeding = golden.feeding;
  options.decoder.readout = golden.readout;
  options.decoder.readout_size = golden.readout_size;
  options.decoder.bridge = golden.bridge;
  options.decoder.final_state = golden.final_state;
  return options;
}

// The batch of models.py.
data::Batch golden_batch() {
  data::Batch batch;
  batch.B = 2;
  batch.S = batch.T = 4;
  batch.source = {4, 5, 6, 3, 6, 4, 3, 0};
  batch.source_lengths = {4, 3};
  batch.target_in = {2, 5, 4, 6, 2, 4, 0, 0};
  batch.target_out = {5, 4, 6, 3, 4, 3, 0, 0};
  batch.target_lengths = {4, 2};
  batch.sentences = {0, 1};
  batch.target_tokens = 6;
  return batch;
}

std::vector<const nn::Param*> by_name(const models::Seq2Seq& model) {
  std::vector<const nn::Param*> params;
  for (const nn::Param& param : model.params().all()) params.push_back(&param);
  std::sort(params.begin(), params.end(), [](const auto* a, const auto* b) { return a->name() < b->name(); });
  return params;
}

double kept(const Tensor& tensor) {
  double sum = 0;
  for (Index i = 0; i < tensor.size(); ++i) sum += tensor.at(i) * std::cos(0.3 * static_cast<double>(i));
  return sum;
}

}  // namespace

TEST_CASE("golden: whole models have the loss and logits and gradients of PyTorch", "[golden]") {
  const data::Batch batch = golden_batch();
  for (std::size_t which = 0; which < golden::kModels.size(); ++which) {
    const golden::GoldenModel& expected = golden::kModels[which];
    INFO("model " << which << " of models.h, attention " << expected.options.attention);
    models::Seq2Seq model(options_of(expected.options), kWords, kWords, 1, DType::f64);
    const auto params = by_name(model);
    for (std::size_t k = 0; k < params.size(); ++k) {
      const Tensor value = params[k]->value();
      for (Index i = 0; i < value.size(); ++i) {
        value.set(i, 0.6 * std::sin(1.7 * static_cast<double>(i) + static_cast<double>(k)));
      }
    }
    Tape tape(DType::f64);
    const nn::Pass pass{tape};
    const Var loss = model.loss(pass, batch);
    CHECK(loss.value().at(0) == Approx(expected.loss).epsilon(1e-12));
    CHECK(kept(model.output().logits(model.forced(pass, batch).rows.readout).value()) ==
          Approx(expected.logits).epsilon(1e-11).margin(1e-12));
    model.params().begin_update();
    tape.backward(loss);
    model.params().finish_backward(tape);
    REQUIRE(params.size() == expected.gradients.size());
    for (std::size_t k = 0; k < params.size(); ++k) {
      INFO(params[k]->name());
      CHECK(kept(params[k]->grad()) == Approx(expected.gradients[k]).epsilon(1e-10).margin(1e-12));
    }
  }
}

}  // namespace regard::testing
