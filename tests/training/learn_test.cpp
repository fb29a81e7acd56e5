// A model learns its task.
#include "framework/training/trainer.h"
#include "tests/support/catch.h"
#include "tests/support/toy.h"

namespace regard::training {
namespace {

using namespace regard::testing;

// Returns nats a word on rows that were not trained on, after so many epochs.
double loss_after(const char* attention, Index epochs) {
  const auto train = reverse_data(2000, 2, 10);
  const auto valid = reverse_data(100, 2, 10, 99);
  const auto batch = whole_batch(valid);
  models::Seq2Seq model(toy_model(attention, 32), kToyVocabulary, kToyVocabulary, 1);
  TrainingOptions options;
  options.batch = {.tokens = 0, .sentences = 32};
  options.learning_rate = 0.005;
  options.epochs = epochs;
  double loss = 0;
  Hooks hooks;
  hooks.validate = [&](const models::Seq2Seq& trained) {
    Tape tape(DType::f32, Tape::Mode::evaluate);
    loss = trained.loss({tape}, batch).value().at(0) / static_cast<double>(batch.target_tokens);
    return Validation{loss, {}};
  };
  Trainer(model, train, options, 1, {}, hooks).run();
  return loss;
}

}  // namespace

TEST_CASE("learn: a model with attention reverses rows of up to 10 symbols", "[learn]") {
  CHECK(loss_after("general", 6) < 0.1);
}

}  // namespace regard::training
