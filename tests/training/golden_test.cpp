// The losses of a small model on a small corpus with a fixed seed, as literals. A change of the arithmetic, the
// initial values, the order of data or the dropout fails here; record it in the changelog.
#include <cmath>

#include "framework/training/trainer.h"
#include "tests/support/catch.h"
#include "tests/support/toy.h"

namespace regard::training {
namespace {

using namespace regard::testing;

std::vector<double> ten_losses(const char* attention) {
  const auto data = reverse_data(40, 2, 8);
  auto options = toy_model(attention, 16);
  options.dropout = {.embedding = 0.1, .layers = 0, .readout = 0.1};
  models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 1);
  TrainingOptions training;
  training.batch = {.tokens = 0, .sentences = 8};
  training.learning_rate = 0.01;
  training.epochs = 2;
  training.validate_every = 1;
  std::vector<double> losses;
  Hooks hooks;
  hooks.validate = [](const models::Seq2Seq&) { return Validation{1, {}}; };
  hooks.validated = [&](const HistoryEntry& record, const TimingEntry&) { losses.push_back(record.train_loss); };
  Trainer(model, data, training, 1, {}, hooks).run();
  return losses;
}

void check_losses(const std::vector<double>& losses, const std::vector<double>& golden) {
  REQUIRE(losses.size() == golden.size());
  for (std::size_t i = 0; i < losses.size(); ++i) {
    INFO(i << ": " << fmt::format("{:.9g}", losses[i]));
    CHECK(std::abs(losses[i] - golden[i]) <= 1e-5 * golden[i]);
  }
}

}  // namespace

TEST_CASE("golden: a vanilla model has these ten losses", "[golden]") {
  check_losses(ten_losses("none"), {2.4772881, 2.43634683, 2.44233834, 2.40875729, 2.35765539, 2.32920741,
                                    2.27799644, 2.18351746, 2.14177902, 2.24198608});
}

TEST_CASE("golden: a model with general attention has these ten losses", "[golden]") {
  check_losses(ten_losses("general"), {2.48695976, 2.44708845, 2.43533369, 2.3829617, 2.335438, 2.29729425,
                                       2.218195, 2.13180863, 2.12897223, 2.21213096});
}

}  // namespace regard::training
