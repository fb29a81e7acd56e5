// tests/cli/stale_test.cpp edits plans whose runs are finished.
#include "framework/experiment/run/record.h"

#include "framework/base/errors.h"
#include "framework/config/write.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::experiment {
namespace {

config::Node record(const std::string& keys) {
  const Plan plan = make_plan(config::parse_yaml(
      "name: p\nsystems: {a: {model.attention: dot}}\ndata: {corpus: reverse}\n" + keys, "p.yaml"));
  ContentHashes hashes;
  return record_of(plan, plan.systems[0], 1, nullptr, hashes);
}

std::string changes_training(const std::string& keys) {
  return first_difference(training_of(record("")), training_of(record(keys)));
}

}  // namespace

TEST_CASE("record: it is read back as it was written, with defaults for missing keys") {
  const config::Node written = record("model: {hidden: 24}\n");
  const config::Node read = read_record(config::to_yaml(written), "run.yaml");
  CHECK(first_difference(written, read).empty());
  config::Node older = written;
  older.get("model")->erase("hidden");
  CHECK(first_difference(read_record(config::to_yaml(older), "run.yaml"), record("")).empty());
}

TEST_CASE("record: a training depends on its own keys and on the decoding that validation uses") {
  CHECK(changes_training("model: {hidden: 24}\n") == "model.hidden");
  CHECK(changes_training("training: {learning_rate: 0.01}\n") == "training.learning_rate");
  CHECK(changes_training("decoding: {max_length_extra: 9}\n") == "decoding.max_length_extra");
  CHECK(changes_training("decoding: {beam: 3}\n").empty());
  CHECK(changes_training("training: {epochs: 99}\n").empty());
  CHECK(changes_training("report: {attention_sentences: 3}\n").empty());
  CHECK(first_difference(record(""), record("decoding: {beam: 3}\n")) == "decoding.beam");
}

TEST_CASE("record: the first length that became shorter is named and 0 is no limit") {
  const auto shortened = [](const std::string& before, const std::string& now) {
    return first_shortened(record("training: {" + before + "}\n"), record("training: {" + now + "}\n"));
  };
  CHECK(shortened("epochs: 3", "epochs: 2") == "training.epochs");
  CHECK(shortened("epochs: 3", "epochs: 4").empty());
  CHECK(shortened("max_updates: 0", "max_updates: 5") == "training.max_updates");
  CHECK(shortened("max_updates: 5", "max_updates: 0").empty());
}

TEST_CASE("record: missing hashes are filled in and others are kept") {
  config::Node before = config::parse_yaml("files: {a: 1}\n", "x");
  const config::Node now = config::parse_yaml("files: {a: 2, b: 3}\n", "x");
  CHECK(fill_hashes(before, now));
  CHECK(before.find("files.a")->scalar == "1");
  CHECK(before.find("files.b")->scalar == "3");
  CHECK_FALSE(fill_hashes(before, now));
}

TEST_CASE("record: a format of another version is refused") {
  std::string text = config::to_yaml(record(""));
  text.replace(text.find("format: 1"), 9, "format: 7");
  CHECK(testing::thrown<ConfigError>([&] { static_cast<void>(read_record(text, "run.yaml")); }) ==
        "run.yaml: format 7, but this version reads 1");
}

}  // namespace regard::experiment
