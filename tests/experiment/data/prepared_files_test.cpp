#include "framework/experiment/data/prepared_files.h"

#include <filesystem>

#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
namespace {

// A folder with two prepared files, vocabularies and a model of the source, and their facts.
class Prepared final {
 public:
  Prepared() : runs{folder_.path()} {
    make_folder(runs.prepared());
    write_file(runs.prepared() / "train.source", "12345678");
    write_file(runs.prepared() / "train.target", "1234");
    write_file(runs.source_vocabulary(), "<pad>\na\n");
    write_file(runs.target_vocabulary(), "<pad>\nb\n");
    write_file(runs.source_tokenizer(), "model");
    facts.options = "options";
    facts.tokenizer = "tokenizer";
    facts.text = "text";
    facts.source_hash = "source";
    facts.target_hash = "target";
    facts.too_long = 1;
    facts.source_unknown = 2;
    facts.target_unknown = 3;
    for (const Path& file : {runs.source_vocabulary(), runs.target_vocabulary(), runs.source_tokenizer()})
      facts.hashes[file.filename().string()] = sha256_file(file);
    write_prepared_facts(runs, facts);
  }
  [[nodiscard]] bool fits(Check check) const { return prepared_facts(runs, check).has_value(); }

 private:
  test::TempFolder folder_;

 public:
  runs::RunFolder runs;
  PreparedFacts facts;
};

}  // namespace

TEST_CASE("prepared_files: facts are read back with the sizes and hashes of the files") {
  const Prepared prepared;
  const auto read = prepared_facts(prepared.runs, Check::contents);
  REQUIRE(read);
  CHECK(read->options == "options");
  CHECK(read->tokenizer == "tokenizer");
  CHECK(read->text == "text");
  CHECK(read->source_hash == "source");
  CHECK(read->target_hash == "target");
  CHECK(read->too_long == 1);
  CHECK(read->source_unknown == 2);
  CHECK(read->target_unknown == 3);
  CHECK(read->hashes == prepared.facts.hashes);
  CHECK(read->sizes == std::map<std::string, Index>{{"train.source", 8}, {"train.target", 4}});
  CHECK(read->contents.at("train.target") == sha256("1234"));
}

TEST_CASE("prepared_files: damage of the same size is found by contents and another size by both checks") {
  const Prepared prepared;
  write_file(prepared.runs.prepared() / "train.source", "12345679");
  CHECK_FALSE(prepared.fits(Check::contents));
  CHECK(prepared.fits(Check::sizes));
  write_file(prepared.runs.prepared() / "train.source", "1234567");
  CHECK_FALSE(prepared.fits(Check::sizes));
}

TEST_CASE("prepared_files: a missing or further file and a damaged record are not used") {
  const auto after = [](const auto& change) {
    const Prepared prepared;
    change(prepared.runs.prepared());
    return prepared.fits(Check::sizes);
  };
  CHECK(after([](const Path&) {}));
  CHECK_FALSE(after([](const Path& folder) { std::filesystem::remove(folder / "train.target"); }));
  CHECK_FALSE(after([](const Path& folder) { write_file(folder / "more", "x"); }));
  CHECK_FALSE(after([](const Path& folder) { write_file(folder / "prepared.json", "{\"format\": 2}\n"); }));
  CHECK_FALSE(after([](const Path& folder) { write_file(folder / "prepared.json", "{"); }));
  CHECK_FALSE(after([](const Path& folder) {
    std::string json = read_file(folder / "prepared.json");
    const std::string format = "\"format\": 2";
    json.replace(json.find(format), format.size(), "\"format\": 1");
    write_file(folder / "prepared.json", json);
  }));
}

TEST_CASE("prepared_files: the hashes of input files beside them are not one of them") {
  const Prepared prepared;
  write_file(prepared.runs.input_hashes(), "{}\n");
  CHECK(prepared.fits(Check::contents));
}

TEST_CASE("prepared_files: vocabularies and models must have the hashes of the facts") {
  const Prepared prepared;
  CHECK(vocabularies_match(prepared.runs, prepared.facts));
  const auto models = matching_models(prepared.runs, prepared.facts);
  REQUIRE(models);
  CHECK(models->source == "model");
  CHECK(models->target.empty());  // the facts name none
  write_file(prepared.runs.source_tokenizer(), "other");
  CHECK_FALSE(matching_models(prepared.runs, prepared.facts));
  CHECK(vocabularies_match(prepared.runs, prepared.facts));
  std::filesystem::remove(prepared.runs.target_vocabulary());
  CHECK_FALSE(vocabularies_match(prepared.runs, prepared.facts));
}

TEST_CASE("prepared_files: files without a record are not used") {
  const Prepared prepared;
  forget_prepared(prepared.runs);
  CHECK_FALSE(prepared.fits(Check::sizes));
  CHECK(std::filesystem::exists(prepared.runs.prepared() / "train.source"));
}

}  // namespace regard::experiment
