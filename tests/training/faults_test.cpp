// The errors of a training that cannot continue.
#include <cmath>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/training/process.h"

namespace regard::training {
namespace {

using namespace regard::testing;

}  // namespace

TEST_CASE("trainer: a parameter that is not finite stops it with the step and the name") {
  const auto data = reverse_data(3, 2, 5);
  Process process(data, toy_options(), {});
  process.model.params().find("decoder/W_c/W")->value().set(0, std::nan(""));
  const std::vector<Index> order = data::training_order(data, toy_options().batch, 3, 0).sentences;
  CHECK_THROWS_WITH(
      process.trainer->run(),
      fmt::format("step 1: loss is nan; first non-finite value came from parameter 'decoder/W_c/W' [8, 16]; "
                  "the batch has lines {}, {}, {}; there is no checkpoint yet",
                  order[0] + 1, order[1] + 1, order[2] + 1));
}

TEST_CASE("trainer: a loss that is not finite stops it with the op that computed it") {
  const auto data = reverse_data(10, 2, 5);
  const test::TempFolder folder;
  auto options = toy_options();
  options.batch.sentences = 10;
  Hooks hooks;
  models::Seq2Seq* model = nullptr;
  hooks.validate = [&](const models::Seq2Seq&) {
    // From now on the loss of the end of a sentence is 6e38 nats, more than a float can hold.
    model->params().find("output/b")->value().set(data::kEos, -3e38);
    model->params().find("output/b")->value().set(data::kBos, 3e38);
    return Validation{1, {}};
  };
  Process process(data, options, folder.path(), hooks);
  model = &process.model;
  CHECK_THROWS_WITH(process.trainer->run(),
                    StartsWith("step 2: loss is inf; first non-finite value came from 'output_loss' [1]; "
                               "the batch has lines ") &&
                        EndsWith(" and 2 more; the last checkpoint is of step 1"));
}

TEST_CASE("trainer: gradients that are not finite stop it with the parameter") {
  const auto data = reverse_data(1, 3, 3);
  Process process(data, toy_options(), {});
  // The readout is 0 and the loss is finite, but backward sums numbers whose sum no float can hold.
  const Tensor& W = process.model.params().find("output/W")->value();
  for (Index i = 0; i < W.size(); ++i) W.set(i, i / W.cols() == data::kEos ? -3e38 : 3e38);
  nn::zeros({}, process.model.params().find("decoder/W_c/W")->value());
  CHECK_THROWS_WITH(
      process.trainer->run(),
      "step 1: the norm of the gradients is nan; the first non-finite gradient is of 'encoder/embedding/W' "
      "[12, 8]; the batch has lines 1; there is no checkpoint yet");
}

TEST_CASE("trainer: a validation that is not finite stops it") {
  const auto data = reverse_data(8, 2, 5);
  Hooks hooks;
  hooks.validate = scripted({1, std::nan("")});
  Process process(data, toy_options(), {}, hooks);
  CHECK_THROWS_WITH(process.trainer->run(), "step 4: the validation loss is nan");
}

TEST_CASE("trainer: a loss that explodes stops it with the batch and the last checkpoint") {
  const auto data = reverse_data(3, 2, 5);
  auto options = toy_options();
  options.epochs = 1;
  const auto explode = [&](double explosion) {
    options.explosion = explosion;
    Process process(data, options, {});
    // The loss of the end of a sentence is 400 nats; a sentence of n words has n + 1 words to predict.
    process.model.params().find("output/b")->value().set(data::kEos, -400);
    process.trainer->run();
  };
  CHECK_THROWS_WITH(explode(10),
                    StartsWith("step 1: the loss has exploded to ") &&
                        ContainsSubstring(" nats a word (uniform guessing: 2.485); the batch has lines ") &&
                        EndsWith("; there is no checkpoint yet"));
  CHECK_NOTHROW(explode(0));
  CHECK_NOTHROW(explode(400));
}

TEST_CASE("trainer: guided alignment with any weight is not an explosion of the loss") {
  const auto data = reverse_data(3, 2, 5);
  std::vector<data::Alignment> alignments;
  for (Index pair = 0; pair < data.size(); ++pair) alignments.push_back({{.source = 1, .target = 0}});
  auto options = toy_options();
  options.epochs = 1;
  options.explosion = 10;
  options.guided_alignment = 1000;  // times -log a_ts: some 300 nats a word, where random guesses cost 2.5
  Process process(data, options, {}, {}, DType::f32, alignments);
  CHECK_NOTHROW(process.trainer->run());
  // A large loss of the words is still an explosion.
  Process exploded(data, options, {}, {}, DType::f32, alignments);
  exploded.model.params().find("output/b")->value().set(data::kEos, -400);
  CHECK_THROWS_WITH(exploded.trainer->run(), Catch::Matchers::StartsWith("step 1: the loss has exploded to "));
}

TEST_CASE("trainer: the error of an unknown optimiser names the nearest") {
  const auto data = reverse_data(8, 2, 5);
  auto options = toy_options();
  options.optimizer.name = "adamm";
  CHECK_THROWS_WITH(Process(data, options, {}),
                    StartsWith("unknown optimizer 'adamm'; did you mean 'adam'? Known: adadelta ("));
}

}  // namespace regard::training
