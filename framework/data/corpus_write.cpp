// Writes a corpus as plain files.
#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/data/corpus.h"

namespace regard::data {
namespace {

namespace fs = std::filesystem;

struct Endings {
  std::string source, target;
};

Endings endings(const Splits& splits) {
  if (splits.source_language == splits.target_language) return {".source", ".target"};
  return {"." + splits.source_language, "." + splits.target_language};
}

void write_split(const fs::path& folder, const std::string& name, const Corpus& corpus, const Endings& ending) {
  write_file(folder / (name + ending.source), joined_lines(corpus.source));
  write_file(folder / (name + ending.target), joined_lines(corpus.target));
  if (corpus.gold.empty()) return;
  std::string links;
  for (const Alignment& sentence : corpus.gold) links += to_pharaoh(sentence) + '\n';
  write_file(folder / (name + ".align"), links);
}

std::string readme(const Splits& splits) {
  const Endings ending = endings(splits);
  std::string text = fmt::format("# {}\n\n{}\n\n", splits.name, splits.description);
  if (splits.synthetic) {
    text += "The corpus is synthetic: a program made every sentence, nobody wrote or translated one.\n\n";
  }
  text += fmt::format(
      "Line i of NAME{} and line i of NAME{} are a pair; NAME.align, where it is there, links their words "
      "(source-target, counted from 0).\n\n| name | pairs |\n| --- | --- |\n",
      ending.source, ending.target);
  text += fmt::format("| train | {} |\n| valid | {} |\n", splits.train.size(), splits.valid.size());
  for (const NamedCorpus& test : splits.tests) text += fmt::format("| {} | {} |\n", test.name, test.corpus.size());
  return text;
}

}  // namespace

void write_corpus(const Splits& splits, const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder, ignored) && !fs::is_empty(folder, ignored)) {
    throw FolderError(
        fmt::format("{}: exists already; name a folder that is empty or does not exist", folder.string()));
  }
  make_folder(folder);
  const Endings ending = endings(splits);
  write_split(folder, "train", splits.train, ending);
  write_split(folder, "valid", splits.valid, ending);
  for (const NamedCorpus& test : splits.tests) write_split(folder, test.name, test.corpus, ending);
  write_file(folder / "README.md", readme(splits));
}

}  // namespace regard::data
