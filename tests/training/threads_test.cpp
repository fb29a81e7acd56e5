// A training gives the same bytes for any number of threads, on every path of the products.
#include "framework/training/trainer.h"
#include "tests/support/catch.h"
#include "tests/support/toy.h"
#include "tests/tensor/gemm/gemm_paths.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

// Returns all parameters after so many updates, with so many threads. The model is wide enough that products have
// several tiles.
std::string trained(Arithmetic arithmetic, Index updates, int threads) {
  const Threads team(threads);
  auto options = toy_model("general", 48);
  options.encoder.hidden = 96;
  options.decoder.bridge = models::Bridge::linear;
  options.dropout.embedding = options.dropout.readout = 0.2;
  const auto data = reverse_data(256, 2, 4);
  models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 1, arithmetic);
  TrainingOptions training;
  training.batch = {.tokens = 0, .sentences = 32};
  training.learning_rate = 0.005;
  training.max_updates = updates;
  training.epochs = updates;
  Hooks hooks;
  hooks.validate = [](const models::Seq2Seq&) { return Validation{1, {}}; };
  Trainer(model, data, training, 1, {}, hooks).run();
  return bytes_of(model.params());
}

}  // namespace

TEST_CASE("threads: 200 steps give the same bytes with 1 to 4 threads for every backend and precision",
          "[learn]") {
  for (const GemmPath& path : gemm_paths()) {
    const ForcedPath forced(path);
    INFO(name_of(path.backend) << " " << name_of(path.set) << " " << name_of(path.precision));
    // In lower sets the code that depends on threads is the same as in the best one.
    const Index updates = path.set == best_instruction_set() ? 200 : 10;
    const std::string alone = trained({DType::f32, path.precision}, updates, 1);
    for (const int threads : {2, 3, 4}) CHECK(trained({DType::f32, path.precision}, updates, threads) == alone);
  }
}

}  // namespace regard::training
