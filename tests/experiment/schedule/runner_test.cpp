// What the runner is made of, without a process: data/ and its refusals, pairing, the digest.
// tests/cli/run_test.cpp runs whole plans with the program.
#include "framework/experiment/schedule/runner.h"

#include <filesystem>
#include <string>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/process.h"
#include "framework/models/seq2seq.h"
#include "framework/runs/digest.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/toy.h"

namespace regard::experiment {
namespace {

Plan plan_of(const std::string& text) { return make_plan(config::parse_yaml(text, "p.yaml")); }

Plan tiny(const std::string& rest = "") {
  return plan_of(
      "name: tiny\n"
      "data: {corpus: {type: reverse, train: 20, valid: 4, test: 4, test_long: 4, symbols: 5}}\n"
      "model: {embedding: 8, hidden: 8}\n"
      "systems: {vanilla: {model.attention: none}, general: {model.attention: general}}\n"
      "training: {batch: {sentences: 8}}\n" +
      rest);
}

runs::RunFolder nowhere() { return {"no-such-folder"}; }

}  // namespace

TEST_CASE("pairing: what two systems have in common starts byte for byte equal") {
  const Plan plan = tiny();
  const Corpora corpora = load_corpora(plan, nowhere());
  const auto model = [&](const char* name, std::uint64_t seed) {
    return std::make_unique<models::Seq2Seq>(system_named(plan, name).model, corpora.prepared.source.size(),
                                             corpora.prepared.target.size(), seed);
  };
  const auto vanilla = model("vanilla", 1);
  const auto general = model("general", 1);
  const auto other_seed = model("vanilla", 2);
  Index common = 0;
  Index differ = 0;
  for (const nn::Param& param : vanilla->params().all()) {
    for (const nn::Param& other : general->params().all()) {
      if (other.name() != param.name() || other.value().shape() != param.value().shape()) continue;
      ++common;
      CHECK(testing::bytes_of(param.value()) == testing::bytes_of(other.value()));
    }
    for (const nn::Param& other : other_seed->params().all()) {
      if (other.name() == param.name())
        differ += testing::bytes_of(param.value()) != testing::bytes_of(other.value());
    }
  }
  CHECK(common >= 8);
  CHECK(differ >= 4);
}

TEST_CASE("data: what tokenisers learned is kept and taken back") {
  const test::TempFolder folder;
  const runs::RunFolder runs{folder / "runs"};
  const char* text = R"(
name: s
data: {corpus: {type: chat_noir, train: 300, valid: 20, test: 20, test_long: 5},
       tokenizer: {type: sentencepiece, size: 200}, vocabulary: {shared: true}}
systems: {v: {model.attention: none}}
)";
  const Plan plan = plan_of(text);
  const Corpora first = load_corpora(plan, runs);
  write_data(plan, runs, first);
  CHECK(read_file(runs.source_tokenizer()) == data::learned_by(first.prepared).source);
  CHECK_FALSE(std::filesystem::exists(runs.target_tokenizer()));

  const auto same = [&](const Corpora& other) {
    return other.prepared.source == first.prepared.source &&
           data::learned_by(other.prepared).source == data::learned_by(first.prepared).source;
  };
  CHECK(same(load_corpora(plan, runs)));
  const std::string facts = read_file(runs.data_facts());
  write_data(plan, runs, load_corpora(plan, runs));
  CHECK(read_file(runs.data_facts()) == facts);

  make_folder(runs.folder);
  const Corpora written = load_corpora(plan, runs);
  write_data(plan, runs, written);
  CHECK(same(written));
  write_file(runs.source_tokenizer(), "damaged");  // is learned again
  CHECK(same(load_corpora(plan, runs)));
  CHECK(same(open_corpora(plan, runs)));
  std::string other = text;
  other.replace(other.find("size: 200"), 9, "size: 190");
  CHECK_FALSE(same(load_corpora(plan_of(other), runs)));
}

TEST_CASE("data: doubtful text is said") {
  const test::TempFolder folder;
  write_file(folder / "a", "x\nx x\n");
  write_file(folder / "b", "y\ny y\n");
  const std::string a = (folder / "a").string();
  const std::string b = (folder / "b").string();
  const std::string pair = "[" + a + ", " + b + "]";
  const Plan plan = plan_of("name: d\ndata: {files: {train: " + pair + ", valid: " + pair + ", test: {t: " + pair +
                            "}}}\nsystems: {v: {model.attention: none}}\n");
  CHECK(warnings(plan, load_corpora(plan, nowhere())) ==
        std::vector<std::string>{"2 of 2 source sentences of test set 't' also occur in training (lines 1, 2)",
                                 "the source vocabulary has 1 words beside the special ones",
                                 "the target vocabulary has 1 words beside the special ones",
                                 "system 'v': a batch of 64 sentences is larger than the training data (2)"});
  CHECK(warnings(tiny(), load_corpora(tiny(), nowhere())).empty());
}

TEST_CASE("data: a patience that the updates do not reach is said") {
  // 40 sentences in batches of 8: 5 updates an epoch, 3 with two batches each.
  const auto said = [](const std::string& training) {
    const Plan plan = plan_of(
        "name: d\ndata: {corpus: {type: reverse, train: 40, valid: 4, test: 4, test_long: 4}}\nsystems: {v: "
        "{model.attention: none}}\ntraining: {batch: {sentences: 8}, " +
        training + "}\n");
    const Corpora corpora = load_corpora(plan, nowhere());
    std::string text;
    for (const std::string& warning : warnings(plan, corpora)) {
      if (warning.find("patience") != std::string::npos) text += warning;
    }
    return text;
  };
  const std::string two = "system 'v': training.patience 2 can never end a training of 2 validations early";
  CHECK(said("epochs: 2, validate_every: 5, patience: 2") == two);
  CHECK(said("epochs: 2, validate_every: 4, patience: 2").empty());
  CHECK(said("epochs: 2, validate_every: 3, accumulate: 2, patience: 2") == two);
  CHECK(said("epochs: 9, max_updates: 10, patience: 2") == two);
  CHECK(said("epochs: 9, max_updates: 11, patience: 2").empty());
  CHECK(said("epochs: 9, validate_every: 5").empty());
}

TEST_CASE("data: a folder of other text is refused and left as it is") {
  const test::TempFolder folder;
  const runs::RunFolder runs{folder.path()};
  const Corpora corpora = load_corpora(tiny(), nowhere());
  write_data(tiny(), runs, corpora);
  write_data(tiny(), runs, corpora);  // again: the same
  const std::string before = read_file(runs.data_facts());
  const auto refused = [&](const Corpora& other) {
    try {
      write_data(tiny(), runs, other);
    } catch (const FolderError& error) {
      CHECK(read_file(runs.data_facts()) == before);
      return std::string(error.what());
    }
    return std::string("nothing was refused");
  };
  const auto says = [&](const char* what) {
    return folder.path().string() + ": its runs used other text (" + what +
           ") than the plan's data now gives; keep it with --out FOLDER, or remove it";
  };
  Corpora train = load_corpora(tiny(), nowhere());
  train.prepared.target_hash = "other";
  CHECK(refused(train) == says("train.target"));
  Corpora valid = load_corpora(tiny(), nowhere());
  valid.splits.valid.target[0] += " x";
  CHECK(refused(valid) == says("valid"));
  Corpora test = load_corpora(tiny(), nowhere());
  test.splits.tests[0].corpus.target[0] += " x";
  CHECK(refused(test) == says("tests/test.target"));
}

TEST_CASE("data: a test set that the plan no longer has goes") {
  const test::TempFolder folder;
  const runs::RunFolder runs{folder.path()};
  Corpora corpora = load_corpora(tiny(), nowhere());
  write_data(tiny(), runs, corpora);
  CHECK(std::filesystem::exists(runs.test_source("test_long")));
  corpora.splits.tests.pop_back();
  corpora.prepared.tests.pop_back();
  write_data(tiny(), runs, corpora);
  CHECK_FALSE(std::filesystem::exists(runs.test_source("test_long")));
  CHECK(std::filesystem::exists(runs.test_source("test")));
}

TEST_CASE("digest: results count and measurements do not") {
  const test::TempFolder folder;
  const auto file = [&](const std::string& name, const std::string& text) {
    make_folder((folder / name).parent_path());
    write_file(folder / name, text);
    return runs::digest_of(folder.path()).digest;
  };
  CHECK_THROWS_WITH(runs::digest_of(folder.path()),
                    folder.path().string() + ": holds no plan.resolved.yaml; give the folder of a plan's runs");
  const std::string first = file("plan.resolved.yaml", "name: a\n");
  CHECK(first.size() == 64);
  for (const char* name : {"plan.yaml", "a/seed-1/manifest.json", "a/seed-1/timing.jsonl", "a/seed-1/log.txt",
                           ".lock", "a/seed-1/scores.json.partial", "report/index.html"}) {
    INFO(name);
    CHECK(file(name, "x") == first);
  }
  const std::string second = file("a/seed-1/scores.json", "x");
  CHECK(second != first);
  CHECK(file("a/seed-1/scores.json", "y") != second);
  CHECK(file("a/seed-1/scores.json", "x") == second);
  CHECK(runs::digest_of(folder.path()).files.size() == 2);
}

TEST_CASE("process: says how a child ended") {
  Process exits({"/bin/sh", "-c", "echo one; echo two; exit $CODE"}, {"CODE=3"});
  std::vector<std::string> lines;
  while (exits.read_lines(lines)) {
  }
  exits.wait();
  CHECK(lines == std::vector<std::string>{"one", "two"});
  CHECK(exits.exit_code() == 3);
  CHECK(exits.killed_by() == 0);
  Process killed({"/bin/sh", "-c", "kill -9 $$"}, {});
  killed.wait();
  CHECK(killed.killed_by() == 9);
  CHECK_THROWS_WITH(Process({"/nonexistent/program"}, {}),
                    "/nonexistent/program cannot be started: no such file or folder");
}

}  // namespace regard::experiment
