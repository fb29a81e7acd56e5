#include "framework/inference/run_record.h"

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensors.h"

namespace regard::inference {
namespace {

// A run folder whose only file is a run's record.
class Record final {
 public:
  explicit Record(const std::string& text) : run{folder_ / "runs/a/seed-1"} {
    make_folder(run.folder);
    write_file(run.identity(), text);
  }
  [[nodiscard]] std::string refused() const {
    try {
      static_cast<void>(read_record(run));
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing was refused";
  }
  [[nodiscard]] Path operator/(const std::string& name) const { return folder_ / name; }

 private:
  test::TempFolder folder_;

 public:
  runs::RunPaths run;
};

}  // namespace

TEST_CASE("run_record: what is not written has its default and what only training read is left out") {
  const Record record(
      "format: 1\n"
      "data: {files: {train: [gone.en, gone.fr]}, max_line_words: 30, vocabulary: {shared: true},\n"
      "       tokenizer: {type: sentencepiece, source_model: gone.model, target_model: gone.model}}\n"
      "model: {hidden: 12, attention: dot, encoder: {embeddings: gone.vec}, decoder: {embeddings: gone.vec}}\n"
      "training: {optimizer: one_that_nobody_has}\n"
      "decoding: {beam: 3, dictionary: gone.txt, replace_unknown: true}\n"
      "seed: 1\n");
  const RunRecord read = read_record(record.run);
  CHECK(read.data.max_line_words == 30);
  CHECK(read.data.tokenizer.name == "sentencepiece");
  CHECK(read.model.hidden == 12);
  CHECK(read.model.embedding == 256);
  CHECK(read.model.attention.name == "dot");
  CHECK(read.model.encoder.embeddings.empty());
  CHECK(read.model.decoder.embeddings.empty());
  CHECK(read.decoding.beam == 3);
  CHECK(read.decoding.dictionary.given == "gone.txt");
  CHECK(read.plugins.empty());
}

TEST_CASE("run_record: the run's own copy of a dictionary takes the place of the plan's") {
  const Record record("decoding: {dictionary: gone.txt, replace_unknown: true}\nmodel: {attention: dot}\n");
  write_file(record.run.dictionary(), "a b\n");
  CHECK(read_record(record.run).decoding.dictionary.given == record.run.dictionary().string());
}

TEST_CASE("run_record: plug-ins are named with their hashes and their copies lie in the run folder") {
  const std::string hash(64, 'b');
  const Record record("model: {attention: none}\nplugins: {mine: " + hash + ", other: " + std::string(64, 'c') +
                      "}\n");
  CHECK(read_record(record.run).plugins ==
        std::map<std::string, std::string>{{"mine", hash}, {"other", std::string(64, 'c')}});
  CHECK(plugin_copies(record.run) == std::vector<Path>{record / "runs/plugins/mine-bbbbbbbbbbbb.so",
                                                       record / "runs/plugins/other-cccccccccccc.so"});
  CHECK(plugin_copies(Record("model: {attention: none}\n").run).empty());
}

TEST_CASE("run_record: a record that this version does not understand is refused at its place") {
  const auto refused = [](const std::string& text) {
    const Record record(text);
    return std::pair(record.refused(), record.run.identity().string());
  };
  const auto [format, format_file] = refused("format: 2\n");
  CHECK(format == format_file + ": format 2, but this version reads 1");
  const auto [key, key_file] = refused("model: {hiden: 3}\n");
  CHECK(
      key ==
      key_file +
          ":1:9: unknown key 'hiden' in model; did you mean 'hidden'? Known keys: attention, cell, decoder, dropout, embedding, encoder, hidden, initializer, layer_norm, precision, residual, tied_embeddings");
  const auto [value, value_file] = refused("decoding: {beam: none}\n");
  CHECK(value == value_file + ":1:18: decoding.beam: expected a whole number from 1 to 1000, got \"none\"");
}

TEST_CASE("run_record: a folder without a record is refused") {
  const test::TempFolder folder;
  const runs::RunPaths run{folder / "runs/a/seed-1"};
  const std::string text = run.identity().string() + ": cannot be read: no such file or folder";
  CHECK(testing::thrown<FolderError>([&] { static_cast<void>(read_record(run)); }) == text);
  CHECK(testing::thrown<FolderError>([&] { static_cast<void>(plugin_copies(run)); }) == text);
}

}  // namespace regard::inference
