#include "framework/training/options.h"

#include <set>

#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::training {
namespace {

TrainingOptions parsed(const std::string& text) {
  const config::Node root = config::parse_yaml(text, "plan.yaml");
  return config::parse(config::Section(root, "").section("training"), training_rows());
}

std::string message_of(const std::string& text) {
  try {
    static_cast<void>(parsed(text));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "parsed";
}

}  // namespace

TEST_CASE("options: an empty section has all the defaults") {
  const TrainingOptions options = parsed("training:\n");
  CHECK(options.optimizer.name == "adam");
  CHECK(options.optimizer.options.number("beta1") == 0.9);
  CHECK(options.optimizer.options.number("beta2") == 0.999);
  CHECK(options.optimizer.options.number("epsilon") == 1e-8);
  CHECK(options.schedule.name == "constant");
  CHECK(options.learning_rate == 0.001);
  CHECK(options.clip_norm == 5);
  CHECK(options.batch.sentences == 64);
  CHECK(options.batch.tokens == 0);
  CHECK(options.normalise == Normalise::sentence);
  CHECK_FALSE(options.data_seed.has_value());
}

TEST_CASE("options: given values are read") {
  const TrainingOptions options = parsed(
      "training:\n  optimizer: {type: sgd, momentum: 0.9}\n  schedule: {type: plateau, factor: 0.7}\n"
      "  learning_rate: 0.5\n  clip_norm: 0\n  batch: {tokens: 512}\n  normalise: token\n  label_smoothing: 0.1\n"
      "  epochs: 3\n  max_updates: 1000\n  validate_every: 50\n  best_by: bleu\n  patience: 4\n  data_seed: 7\n");
  CHECK(options.optimizer.options.number("momentum") == 0.9);
  CHECK(options.schedule.options.number("factor") == 0.7);
  CHECK(options.batch.tokens == 512);
  CHECK(options.batch.sentences == 0);
  CHECK(options.normalise == Normalise::token);
  CHECK(options.best_by == Metric::bleu);
  CHECK(options.data_seed == 7u);
}

TEST_CASE("options: epochs may be left to the program") {
  const TrainingOptions options = parsed("training: {epochs: auto}\n");
  CHECK(options.epochs.is_auto());
  CHECK(options.most_epochs() == 100);
  CHECK(options.misses_allowed() == 5);
  CHECK(parsed("training: {epochs: auto, patience: 2}\n").misses_allowed() == 2);
  CHECK(parsed("training: {epochs: 7}\n").most_epochs() == 7);
  CHECK(parsed("training: {epochs: 7}\n").misses_allowed() == 0);
  CHECK_THROWS_WITH(parsed("training: {epochs: soon}\n"),
                    EndsWith("training.epochs: expected a whole number >= 1 or auto, got \"soon\""));
}

TEST_CASE("options: written options are read back as the same") {
  for (const char* text :
       {"training:\n", "training: {epochs: auto}\n",
        "training: {batch: {tokens: 512}, optimizer: sgd, schedule: plateau, data_seed: 3}\n"}) {
    const config::Node node = config::to_node(training_rows(), parsed(text));
    const config::Node again =
        config::to_node(training_rows(), config::parse(config::Section(node, "training"), training_rows()));
    CHECK(config::same(node, again));
  }
  const config::Node node = config::to_node(training_rows(), parsed("training:\n"));
  REQUIRE(node.find("optimizer.beta2") != nullptr);
  CHECK(node.find("optimizer.beta2")->scalar == "0.999");
  CHECK(node.find("batch.tokens") == nullptr);
}

TEST_CASE("options: impossible values are refused with their place") {
  CHECK(message_of("training:\n  batch: {tokens: 512, sentences: 64}\n") ==
        "plan.yaml:2:10: training.batch: a batch is limited by either "
        "tokens or sentences, but both are given (512 and 64); remove one");
  CHECK(message_of("training:\n  batch: {sentences: 0}\n") ==
        "plan.yaml:2:22: training.batch.sentences: expected a whole number >= 1, got \"0\"");
  CHECK(message_of("training:\n  learning_rate: 0\n") ==
        "plan.yaml:2:18: training.learning_rate: expected a number > 0, got \"0\"");
  CHECK(
      message_of("training:\n  optimizer: adm\n") ==
      "plan.yaml:2:14: training.optimizer: unknown optimizer 'adm'; did you mean 'adam'? Known: adadelta "
      "(step sizes from the sizes of earlier steps; use a learning rate of 1 as in the paper (Zeiler 2012)), adam "
      "(step sizes from the mean and the mean square of the gradient (Kingma and Ba 2015)), adamw (Adam with decoupled "
      "weight decay (Loshchilov and Hutter 2019)), sgd (gradient descent, with or without momentum)");
  CHECK(message_of("training:\n  schedule: {type: plateau, factr: 0.1}\n") ==
        "plan.yaml:2:29: unknown key 'factr' in training.schedule "
        "(plateau); did you mean 'factor'? Known keys: factor, type");
  CHECK(message_of("training:\n  epoch: 1\n")
            .starts_with("plan.yaml:2:3: unknown key 'epoch' in training; did you "
                         "mean 'epochs'? Known keys: "));
}

TEST_CASE("options: every key has a meaning") {
  std::set<std::string> names;
  for (const config::OptionRow& row : config::descriptions(training_rows())) {
    CHECK(names.insert(row.name).second);
    CHECK_FALSE(row.meaning.empty());
  }
  CHECK(names.size() == 25);
}

}  // namespace regard::training
