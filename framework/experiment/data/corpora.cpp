#include "framework/experiment/data/corpora.h"

#include <filesystem>
#include <optional>

#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/experiment/data/cache_key.h"
#include "framework/experiment/data/copying.h"
#include "framework/experiment/data/prepared_files.h"
#include "framework/experiment/plan/input_files.h"

namespace regard::experiment {
namespace {

// The bytes of the training files, or the text of a built-in corpus.
std::string hash_of_text(const Plan& plan, const data::Pairs& train) {
  Sha256 all;
  for (const config::Path& file : plan.data.files.train) all.update(sha256_file(file.expanded));
  if (plan.data.files.train.empty())
    train([&](const data::Pair& pair) { all.update(pair.source + "\t" + pair.target + "\n"); });
  return all.hex();
}

// Opens the files that the facts describe.
Corpora open(const Plan& plan, const runs::RunFolder& folder, const PreparedFacts& facts, data::Splits splits,
             const data::Learned& learned) {
  Corpora corpora{std::move(splits), {}};
  data::Prepared& prepared = corpora.prepared;
  data::Tokenizers tokenizers = data::recall_tokenizers(plan.data.tokenizer, learned);
  prepared.source_tokenizer = std::move(tokenizers.source);
  prepared.target_tokenizer = std::move(tokenizers.target);
  prepared.source = data::Vocabulary::load(folder.source_vocabulary());
  prepared.target = data::Vocabulary::load(folder.target_vocabulary());
  data::open_prepared(folder.prepared(), prepared);
  prepared.train.too_long = facts.too_long;
  prepared.train.source_unknown = facts.source_unknown;
  prepared.train.target_unknown = facts.target_unknown;
  prepared.source_hash = facts.source_hash;
  prepared.target_hash = facts.target_hash;
  data::encode_others(corpora.splits, prepared);
  return corpora;
}

PreparedFacts facts_of(const Plan& plan, const data::Prepared& prepared, const std::string& text_hash) {
  PreparedFacts facts;
  facts.options = prepared_key(plan.data);
  facts.tokenizer = tokenizer_key(plan.data, text_hash);
  facts.text = text_hash;
  facts.source_hash = prepared.source_hash;
  facts.target_hash = prepared.target_hash;
  facts.too_long = prepared.train.too_long;
  facts.source_unknown = prepared.train.source_unknown;
  facts.target_unknown = prepared.train.target_unknown;
  const runs::RunFolder names;
  const data::Learned learned = data::learned_by(prepared);
  const auto put = [&](const Path& file, const std::string& bytes) {
    if (!bytes.empty()) facts.hashes[file.filename().string()] = sha256(bytes);
  };
  put(names.source_vocabulary(), prepared.source.to_text());
  put(names.target_vocabulary(), prepared.target.to_text());
  put(names.source_tokenizer(), learned.source);
  put(names.target_tokenizer(), learned.target);
  return facts;
}

}  // namespace

std::vector<std::string> names_of(const std::vector<data::NamedCorpus>& tests) {
  std::vector<std::string> names;
  for (const data::NamedCorpus& test : tests) names.push_back(test.name);
  return names;
}

Corpora load_corpora(const Plan& plan, const runs::RunFolder& folder) {
  require_data_files(plan, "data.files");
  data::Text text = data::open_text(plan.data);
  require_claimed_test(plan, names_of(text.splits.tests));
  const std::string text_hash = hash_of_text(plan, text.train);
  const auto facts = prepared_facts(folder, Check::contents);
  std::optional<data::Learned> learned;
  if (facts && facts->tokenizer == tokenizer_key(plan.data, text_hash)) learned = matching_models(folder, *facts);
  const bool same = facts && facts->options == prepared_key(plan.data) && facts->text == text_hash;
  if (same && learned && vocabularies_match(folder, *facts))
    return with_copies(plan, text.train, open(plan, folder, *facts, std::move(text.splits), *learned));
  if (!learned) require_data_files(plan, "data.tokenizer");
  const bool in_files = std::filesystem::exists(folder.folder);
  if (in_files) {
    make_folder(folder.prepared());
    forget_prepared(folder);
  }
  Corpora corpora{std::move(text.splits), {}};
  corpora.prepared = data::prepare(text.train, corpora.splits, data::prepare_options(plan.data),
                                   learned ? &*learned : nullptr, in_files ? folder.prepared() : Path());
  if (in_files) write_prepared_facts(folder, facts_of(plan, corpora.prepared, text_hash));
  return with_copies(plan, text.train, std::move(corpora));
}

Corpora open_corpora(const Plan& plan, const runs::RunFolder& folder) {
  const auto facts = prepared_facts(folder, Check::sizes);
  if (!facts || facts->options != prepared_key(plan.data) || !vocabularies_match(folder, *facts))
    return load_corpora(plan, folder);
  const auto learned = matching_models(folder, *facts);
  if (!learned) return load_corpora(plan, folder);
  data::Text text = data::open_text(plan.data);
  return with_copies(plan, text.train, open(plan, folder, *facts, std::move(text.splits), *learned));
}

}  // namespace regard::experiment
