#include "framework/experiment/corpora.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <unordered_set>

#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/config/write.h"
#include "framework/experiment/results_json.h"

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

SplitFacts facts_of(const data::Dataset& dataset) {
  return {dataset.size(), dataset.source.tokens(), dataset.target.tokens()};
}

std::string hash_of(const data::Corpus& corpus) {
  return sha256(joined_lines(corpus.source) + '\0' + joined_lines(corpus.target));
}

// Among the hashes of data.json: what the tokenisers' models were made from.
constexpr const char* kTokenizerHash = "tokenizer";

std::string tokenizer_key(const Plan& plan, const std::string& hash_of_train) {
  const config::Node options = config::to_node(config::Value{plan.data.tokenizer});
  return sha256(config::to_yaml(options) + '\0' + hash_of_train);
}

// The models that stand in the folder, if they are of this text and these options, and whole. The text is hashed
// only where there are models.
std::optional<data::Learned> kept_models(const Plan& plan, const data::Corpus& train, const RunFolder& folder) {
  std::string reason;
  const auto text = try_read_file(folder.data_facts(), reason);
  if (!text) return std::nullopt;
  const auto facts = from_json<DataFacts>(*text, folder.data_facts().string());
  const auto made_from = facts.hashes.find(kTokenizerHash);
  if (made_from == facts.hashes.end() || made_from->second != tokenizer_key(plan, hash_of(train)))
    return std::nullopt;
  data::Learned learned;
  for (const auto& [path, bytes] :
       {std::pair{folder.source_tokenizer(), &learned.source}, {folder.target_tokenizer(), &learned.target}}) {
    const auto expected = facts.hashes.find(path.filename().string());
    if (expected == facts.hashes.end()) continue;
    const auto found = try_read_file(path, reason);
    if (!found || sha256(*found) != expected->second) return std::nullopt;
    *bytes = *found;
  }
  return learned;
}

}  // namespace

Corpora load_corpora(const Plan& plan, const RunFolder& folder) {
  Corpora corpora{data::load(plan.data), {}};
  const auto kept = kept_models(plan, corpora.splits.train, folder);
  corpora.prepared = data::prepare(corpora.splits, data::prepare_options(plan.data), kept ? &*kept : nullptr);
  return corpora;
}

std::vector<std::string> doubts(const Plan& plan, const Corpora& corpora) {
  std::vector<std::string> said;
  const data::Corpus& train = corpora.splits.train;
  const std::unordered_set<std::string_view> seen(train.source.begin(), train.source.end());
  for (const auto& [name, corpus] : corpora.splits.tests) {
    Index count = 0;
    std::string lines;
    for (std::size_t i = 0; i < corpus.source.size(); ++i) {
      if (!seen.contains(corpus.source[i])) continue;
      if (++count <= 3) lines += fmt::format("{}{}", count == 1 ? "" : ", ", i + 1);
    }
    if (count > 0) {
      said.push_back(fmt::format("{} of {} source sentences of test set '{}' also occur in training (lines {}{})",
                                 count, corpus.size(), name, lines, count > 3 ? ", …" : ""));
    }
  }
  for (const auto& [side, vocabulary] :
       {std::pair{"source", &corpora.prepared.source}, std::pair{"target", &corpora.prepared.target}}) {
    if (vocabulary->size() <= data::kSpecials + 1) {
      said.push_back(fmt::format("the {} vocabulary has {} words beside the special ones", side,
                                 vocabulary->size() - data::kSpecials));
    }
  }
  for (const System& system : plan.systems) {
    const Index words = corpora.prepared.train.target.tokens();
    if (system.training.batch.tokens > words) {
      said.push_back(fmt::format("system '{}': a batch of {} tokens is larger than the training data ({})",
                                 system.name, system.training.batch.tokens, words));
    }
    if (system.training.batch.sentences > corpora.prepared.train.size()) {
      said.push_back(fmt::format("system '{}': a batch of {} sentences is larger than the training data ({})",
                                 system.name, system.training.batch.sentences, corpora.prepared.train.size()));
    }
  }
  return said;
}

void write_data(const Plan& plan, const RunFolder& folder, const Corpora& corpora) {
  const data::Splits& splits = corpora.splits;
  const data::Prepared& prepared = corpora.prepared;
  DataFacts facts;
  facts.corpus = splits.name;
  facts.description = splits.description;
  facts.synthetic = splits.synthetic;
  facts.source_language = splits.source_language;
  facts.target_language = splits.target_language;
  facts.train = facts_of(prepared.train);
  facts.valid = facts_of(prepared.valid);
  facts.source_vocabulary = prepared.source.size();
  facts.target_vocabulary = prepared.target.size();
  facts.hashes["train"] = hash_of(splits.train);
  facts.hashes["valid"] = hash_of(splits.valid);
  std::map<Path, std::string> texts;
  const auto put = [&](const Path& file, std::string text) {
    facts.hashes[file.lexically_relative(folder.data()).generic_string()] = sha256(text);
    texts[file] = std::move(text);
  };
  for (const auto& [name, corpus] : splits.tests) {
    put(folder.test_source(name), joined_lines(corpus.source));
    put(folder.test_target(name), joined_lines(corpus.target));
    put(folder.test_source_tokens(name), tokens_of(*prepared.source_tokenizer, corpus.source));
    put(folder.test_target_tokens(name), tokens_of(*prepared.target_tokenizer, corpus.target));
    if (!corpus.gold.empty()) put(folder.test_alignment(name), pharaoh(corpus.gold));
  }
  const data::Learned learned = data::learned_by(prepared);
  if (!learned.source.empty()) {
    facts.hashes[kTokenizerHash] = tokenizer_key(plan, facts.hashes["train"]);
    put(folder.source_tokenizer(), learned.source);
    if (!learned.target.empty()) put(folder.target_tokenizer(), learned.target);
  }
  put(folder.source_vocabulary(), prepared.source.to_text());
  put(folder.target_vocabulary(), prepared.target.to_text());
  for (const auto& [name, dataset] : prepared.tests) facts.tests[name] = facts_of(dataset);

  // A folder of other text is refused before anything in it is touched.
  std::string reason;
  if (const auto before = try_read_file(folder.data_facts(), reason)) {
    const auto old = from_json<DataFacts>(*before, folder.data_facts().string());
    for (const auto& [what, hash] : old.hashes) {
      const auto now = facts.hashes.find(what);
      const bool is_text =
          what == "train" || what == "valid" || what.ends_with(".source") || what.ends_with(".target");
      if (!is_text || now == facts.hashes.end() || now->second == hash) continue;  // a test set may go and come
      throw FolderError(
          fmt::format("{}: its runs used other text ({}) than the plan's data now gives; keep it with --out "
                      "FOLDER, or remove it",
                      folder.folder.string(), what));
    }
  }
  make_folder(folder.data() / "tests");
  for (const auto& [file, text] : texts) write_file(file, text);
  for (const auto& entry : std::filesystem::directory_iterator(folder.data() / "tests")) {
    if (!texts.contains(entry.path()))
      std::filesystem::remove(entry.path());  // of a set that the plan no longer has
  }
  write_file(folder.data_facts(), to_json(facts));
}

}  // namespace regard::experiment
