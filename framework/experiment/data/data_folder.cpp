#include "framework/experiment/data/data_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/base/unicode.h"
#include "framework/config/write.h"
#include "framework/experiment/plan/input_files.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

std::string tokens_of(const data::Tokenizer& tokenizer, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += fmt::format("{}\n", fmt::join(tokenizer.encode(line), " "));
  return text;
}

std::string pharaoh(const std::vector<data::Alignment>& gold) {
  std::string text;
  for (const data::Alignment& alignment : gold) text += data::to_pharaoh(alignment) + "\n";
  return text;
}

runs::SplitFacts facts_of(const data::Dataset& dataset) {
  return {dataset.size(), dataset.source.tokens(), dataset.target.tokens()};
}

std::string hash_of(const data::Corpus& corpus) {
  return sha256(joined_lines(corpus.source) + '\0' + joined_lines(corpus.target));
}

// Among the hashes of data.json: the hash of everything that the tokenisers' models were made from.
constexpr const char* kTokenizerHash = "tokenizer";

// The digit of a normal form in kTokenizerHash.
int digit_of(unicode::NormalForm form) {
  switch (form) {
    case unicode::NormalForm::none:
      return 0;
    case unicode::NormalForm::nfc:
      return 1;
    case unicode::NormalForm::nfkc:
      return 2;
  }
  throw InternalError("a normal form without a digit");
}

// Part of the format of data.json. It may not change, because manifests of finished runs have the hash of data.json.
std::string tokenizer_hash(const data::DataOptions& options, const std::string& text_hash) {
  const config::Value tokenizer{options.tokenizer};
  std::string text = config::to_yaml(config::to_node(tokenizer));
  for (const auto& [key, hash] : ContentHashes().of(files_in(tokenizer, options.tokenizer.name)))
    text += fmt::format("{} {}\n", key, hash);
  text += fmt::format("{} {} {}", digit_of(options.text.normalize), options.text.lowercase,
                      fmt::join(options.join.train, " "));
  return sha256(text + '\0' + text_hash);
}

}  // namespace

void write_data(const Plan& plan, const runs::RunFolder& folder, const Corpora& corpora,
                const std::vector<runs::RunPaths>& finished, const Replaced& replaced) {
  const data::Splits& splits = corpora.splits;
  const data::Prepared& prepared = corpora.prepared;
  runs::DataFacts facts;
  facts.corpus = splits.name;
  facts.description = splits.description;
  facts.synthetic = splits.synthetic;
  facts.source_language = splits.source_language;
  facts.target_language = splits.target_language;
  facts.train = facts_of(prepared.train);
  facts.valid = facts_of(prepared.valid);
  facts.source_vocabulary = prepared.source.size();
  facts.target_vocabulary = prepared.target.size();
  facts.hashes["train.source"] = prepared.source_hash;
  facts.hashes["train.target"] = prepared.target_hash;
  facts.hashes["valid"] = hash_of(splits.valid);
  std::map<Path, std::string> texts;
  const auto put = [&](const Path& file, std::string text) {
    facts.hashes[file.lexically_relative(folder.data()).generic_string()] = sha256(text);
    texts[file] = std::move(text);
  };
  for (const auto& [name, corpus, tokenized] : splits.tests) {
    if (!tokenized.empty()) put(folder.test_tokenized(name), joined_lines(tokenized));
    put(folder.test_source(name), joined_lines(corpus.source));
    put(folder.test_target(name), joined_lines(corpus.target));
    put(folder.test_source_tokens(name), tokens_of(*prepared.source_tokenizer, corpus.source));
    put(folder.test_target_tokens(name), tokens_of(*prepared.target_tokenizer, corpus.target));
    if (!corpus.gold.empty()) put(folder.test_alignment(name), pharaoh(corpus.gold));
  }
  const data::Learned learned = data::learned_by(prepared);
  if (!learned.source.empty() || !learned.target.empty()) {
    facts.hashes[kTokenizerHash] = tokenizer_hash(plan.data, prepared.source_hash + prepared.target_hash);
    if (!learned.source.empty()) put(folder.source_tokenizer(), learned.source);
    if (!learned.target.empty()) put(folder.target_tokenizer(), learned.target);
  }
  put(folder.source_vocabulary(), prepared.source.to_text());
  put(folder.target_vocabulary(), prepared.target.to_text());
  for (const auto& [name, dataset] : prepared.tests) facts.tests[name] = facts_of(dataset);

  // A folder of other text is refused before anything in it is touched.
  const auto refuse = [&folder](const std::string& what) {
    throw FolderError(
        fmt::format("{}: its runs used other text ({}) than the plan's data has now; keep it with --out "
                    "FOLDER, or remove it",
                    folder.folder.string(), what));
  };
  const auto before = runs::read_if_exists<runs::DataFacts>(folder.data_facts());
  if (before) {
    std::string changed;  // prefers the text to files made from it
    for (const auto& [what, hash] : before->hashes) {
      const auto now = facts.hashes.find(what);
      const bool is_test = what.starts_with("tests/");  // a test set may go and come
      if ((is_test ? replaced.tests : replaced.training) || now == facts.hashes.end() || now->second == hash)
        continue;
      if (changed.empty() || (what.starts_with("train.") && !changed.starts_with("train."))) changed = what;
    }
    if (!changed.empty()) refuse(changed);
  }
  for (const runs::RunPaths& run : finished) {
    const auto manifest = before ? std::nullopt : runs::read_if_exists<runs::Manifest>(run.manifest());
    if (!manifest || manifest->data_hash.empty() || manifest->data_hash == sha256(to_json(facts))) continue;
    refuse(fmt::format("data.json is missing, and {} has another hash for it", run.manifest().string()));
  }
  make_folder(folder.data() / "tests");
  for (const auto& [file, text] : texts) write_file(file, text);
  for (const auto& entry : std::filesystem::directory_iterator(folder.data() / "tests")) {
    if (!texts.contains(entry.path()))
      std::filesystem::remove(entry.path());  // of a set that the plan no longer has
  }
  write_file(folder.data_facts(), to_json(facts));
}

std::map<std::string, std::string> hashes_of_files(const runs::DataFacts& facts) {
  std::map<std::string, std::string> files = facts.hashes;
  for (const char* text : {"train.source", "train.target", "valid", kTokenizerHash}) files.erase(text);
  return files;
}

bool data_is_complete(const runs::RunFolder& folder) {
  const auto facts = runs::read_if_exists<runs::DataFacts>(folder.data_facts());
  if (!facts) return false;
  const auto files = hashes_of_files(*facts);
  return std::all_of(files.begin(), files.end(),
                     [&](const auto& file) { return std::filesystem::exists(folder.data() / file.first); });
}

}  // namespace regard::experiment
