#include "framework/experiment/data/data_folder.h"

#include <filesystem>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/runs/results_json.h"
#include "tests/experiment/tiny_plan.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
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
           ") than the plan's data has now; keep it with --out FOLDER, or remove it";
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

TEST_CASE("data: the folder is complete while every file that data.json names is there") {
  const test::TempFolder folder;
  const runs::RunFolder runs{folder.path()};
  CHECK_FALSE(data_is_complete(runs));
  write_data(tiny(), runs, load_corpora(tiny(), nowhere()));
  CHECK(data_is_complete(runs));
  const auto facts = runs::read_if_exists<runs::DataFacts>(runs.data_facts());
  REQUIRE(facts);
  const auto files = hashes_of_files(*facts);
  CHECK(files.size() + 3 == facts->hashes.size());  // train.source, train.target and valid are not files in data/
  for (const auto& [file, hash] : files) CHECK(sha256_file(runs.data() / file) == hash);
  std::filesystem::remove(runs.test_source("test"));
  CHECK_FALSE(data_is_complete(runs));
}

TEST_CASE("data: a lost data.json is written again only for the runs that it described") {
  const test::TempFolder folder;
  const runs::RunFolder runs{folder.path()};
  const Corpora corpora = load_corpora(tiny(), nowhere());
  write_data(tiny(), runs, corpora);
  const runs::RunPaths run = runs.run("vanilla", 1);
  make_folder(run.folder);
  runs::Manifest manifest;
  manifest.data_hash = sha256_file(runs.data_facts());
  write_file(run.manifest(), to_json(manifest));
  const std::string before = read_file(runs.data_facts());
  std::filesystem::remove(runs.data_facts());
  write_data(tiny(), runs, corpora, {run});
  CHECK(read_file(runs.data_facts()) == before);
  std::filesystem::remove(runs.data_facts());
  manifest.data_hash = "another";
  write_file(run.manifest(), to_json(manifest));
  CHECK_THROWS_WITH(
      write_data(tiny(), runs, corpora, {run}),
      fmt::format("{}: its runs used other text (data.json is missing, and {} has another hash for it) than "
                  "the plan's data has now; keep it with --out FOLDER, or remove it",
                  folder.path().string(), run.manifest().string()));
}

TEST_CASE("data: the hash of the tokenisers keeps the form that finished runs recorded") {
  const test::TempFolder folder;
  const runs::RunFolder runs{folder.path()};
  const auto recorded = [&](const std::string& text) {
    const Plan plan = plan_of(
        "name: d\ndata: {corpus: {type: chat_noir, train: 300, valid: 20, test: 20, test_long: 5}, "
        "tokenizer: {type: sentencepiece, size: 200}" +
        text + "}\nsystems: {v: {model.attention: none}}\n");
    Replaced all{.training = true, .tests = true};
    write_data(plan, runs, load_corpora(plan, nowhere()), {}, all);
    const auto facts = runs::read_if_exists<runs::DataFacts>(runs.data_facts());
    REQUIRE(facts);
    return std::pair{facts->hashes.at("tokenizer"),
                     facts->hashes.at("train.source") + facts->hashes.at("train.target")};
  };
  const auto form = [](const std::string& text, const std::string& hash) {
    return sha256(
        "type: sentencepiece\nalgorithm: bpe\nsize: 200\njoint: true\ncharacter_coverage: 1.0\nnbest: 1\nalpha: 0.1\n"
        "source_model: \"\"\ntarget_model: \"\"\n" +
        text + '\0' + hash);
  };
  for (const auto& [options, text] :
       {std::pair{"", "0 false 1"}, std::pair{", text: {normalize: nfc, lowercase: true}", "1 true 1"},
        std::pair{", text: {normalize: nfkc}, join: {train: [1, 2]}", "2 false 1 2"}}) {
    const auto [hash, of_text] = recorded(options);
    CHECK(hash == form(text, of_text));
  }
}

}  // namespace regard::experiment
