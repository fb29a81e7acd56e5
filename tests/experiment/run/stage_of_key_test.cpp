#include "framework/experiment/run/stage_of_key.h"

#include "framework/experiment/plan/plan.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

std::string line(const std::string& key, const std::string& variant = "") {
  for (const config::Described& described : config::describe_all(plan_rows())) {
    if (described.key == key && described.variant == variant) return stage_line(described);
  }
  return "no such key";
}

}  // namespace

TEST_CASE("stage of a key: what another value does again is found by comparing records") {
  const std::string training = "  stage    training: another value trains again\n";
  const std::string decoding = "  stage    decoding: another value decodes and scores again, and trains nothing\n";
  const std::string tests = "  stage    test sets: what is new is decoded, and nothing is trained\n";
  for (const char* key :
       {"data.files.train", "data.join.train", "data.tokenizer", "model.hidden", "model.attention",
        "training.optimizer", "training.data_seed", "training.batch.tokens", "training.warm_start"})
    CHECK(line(key) == training);
  CHECK(line("model.attention.hidden", "concat") == training);
  CHECK(line("training.epochs") == "  stage    training: a greater value goes on, a smaller one trains again\n");
  CHECK(line("decoding.beam") == decoding);
  CHECK(line("decoding.dictionary") == decoding);
  CHECK(line("decoding.max_length_extra") == training);  // validation reads it
  CHECK(line("decoding.batch_sentences") == training);
  CHECK(line("report.attention_sentences") == decoding);
  for (const char* key : {"data.files.test", "data.files.tokenized", "data.files.name", "data.join.test"})
    CHECK(line(key) == tests);
  CHECK(line("report.metrics") == "  stage    report: it alone is made again\n");
  for (const char* key : {"name", "seeds", "systems", "tune.grid", "data", "training.batch", "budget.updates"})
    CHECK(line(key).empty());
}

TEST_CASE("stage of a key: each key of data model training and decoding has one") {
  for (const config::Described& key : config::describe_all(plan_rows())) {
    INFO(key.key << " " << key.variant);
    const std::string section = key.key.substr(0, key.key.find('.'));
    const bool of_runs = section == "data" || section == "model" || section == "training" || section == "decoding";
    if (!of_runs || key.row.type == config::OptionRow::Type::section) continue;
    const auto stage = stage_of_key(key);
    REQUIRE(stage.has_value());
    CHECK(*stage != StageOfKey::report);
  }
}

}  // namespace regard::experiment
