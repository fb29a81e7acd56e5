#include "framework/experiment/data/corpora.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/base/unicode.h"
#include "framework/config/write.h"
#include "framework/data/batch.h"
#include "framework/experiment/data/prepared_files.h"
#include "framework/experiment/plan/input_files.h"
#include "framework/runs/budget.h"
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

// Among the hashes of data.json: what the tokenisers' models were made from.
constexpr const char* kTokenizerHash = "tokenizer";

// A section as text, with the hashes of the files that it names; of those that are gone none.
std::string text_of(const config::Tagged& section) {
  const config::Value value{section};
  std::string text = config::to_yaml(config::to_node(value));
  for (const auto& [key, hash] : ContentHashes().of(files_in(value, section.name)))
    text += fmt::format("{} {}\n", key, hash);
  return text;
}

std::string yaml_of(const data::DataOptions& options) {
  return fmt::format("{}{} {} {}", text_of(options.tokenizer), static_cast<int>(options.text.normalize),
                     options.text.lowercase, fmt::join(options.join.train, " "));
}

// What the training text depends on beside its bytes, and what is made of it.
std::string key_of(const Plan& plan) {
  const data::DataOptions& d = plan.data;
  return sha256(fmt::format("{}{}\n{} {} {} {} {} {} {}", text_of(d.corpus), yaml_of(d),
                            static_cast<int>(d.empty_lines), d.max_line_words, d.max_length,
                            d.vocabulary.min_frequency, d.vocabulary.max_size, d.vocabulary.shared,
                            d.files.train.size()));
}

std::string hash_of_text(const Plan& plan, const data::Pairs& train) {
  Sha256 all;
  for (const config::Path& file : plan.data.files.train) all.update(sha256_file(file.expanded));
  if (plan.data.files.train.empty())
    train([&](const data::Pair& pair) { all.update(pair.source + "\t" + pair.target + "\n"); });
  return all.hex();
}

std::string tokenizer_key(const Plan& plan, const std::string& text_hash) {
  return sha256(yaml_of(plan.data) + '\0' + text_hash);
}

// From the files that the facts speak of.
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
  facts.options = key_of(plan);
  facts.tokenizer = tokenizer_key(plan, text_hash);
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

Corpora load_corpora(const Plan& plan, const runs::RunFolder& folder) {
  require_data_files(plan, "data.files");
  data::Text text = data::open_text(plan.data);
  const std::string text_hash = hash_of_text(plan, text.train);
  const auto facts = prepared_facts(folder, Check::contents);
  std::optional<data::Learned> learned;
  if (facts && facts->tokenizer == tokenizer_key(plan, text_hash)) learned = models_that_stand(folder, *facts);
  const bool same = facts && facts->options == key_of(plan) && facts->text == text_hash;
  if (same && learned && vocabularies_stand(folder, *facts))
    return open(plan, folder, *facts, std::move(text.splits), *learned);
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
  return corpora;
}

Corpora open_corpora(const Plan& plan, const runs::RunFolder& folder) {
  const auto facts = prepared_facts(folder, Check::sizes);
  if (!facts || facts->options != key_of(plan) || !vocabularies_stand(folder, *facts))
    return load_corpora(plan, folder);
  const auto learned = models_that_stand(folder, *facts);
  if (!learned) return load_corpora(plan, folder);
  return open(plan, folder, *facts, data::open_text(plan.data).splits, *learned);
}

namespace {

bool is_composed(const std::string& text) { return unicode::normalized(text, unicode::NormalForm::nfc) == text; }

// Training text in Unicode's composed form and other text that is not: its words are unknown, and look alike.
std::vector<std::string> other_normal_forms(const Plan& plan, const Corpora& corpora) {
  std::vector<std::string> said;
  if (plan.data.text.normalize != unicode::NormalForm::none) return said;
  for (const auto& [side, vocabulary, lines] :
       {std::tuple{"source", &corpora.prepared.source, &data::Corpus::source},
        std::tuple{"target", &corpora.prepared.target, &data::Corpus::target}}) {
    bool composed = true;
    for (Index id = data::kSpecials; id < vocabulary->size() && composed; ++id)
      composed = is_composed(vocabulary->token(static_cast<data::TokenId>(id)));
    if (!composed) continue;
    const auto look = [&, side = side, lines = lines](const std::string& what, const data::Corpus& corpus) {
      const auto& all = corpus.*lines;
      const auto count =
          std::count_if(all.begin(), all.end(), [](const auto& line) { return !is_composed(line); });
      if (count == 0) return;
      said.push_back(
          fmt::format("{} of {} {} lines of {} are not in Unicode's composed form, and the training text is: "
                      "their words are unknown; set data.text.normalize to nfc",
                      count, corpus.size(), side, what));
    };
    look("the validation set", corpora.splits.valid);
    for (const data::NamedCorpus& test : corpora.splits.tests)
      look(fmt::format("test set '{}'", test.name), test.corpus);
  }
  return said;
}

// Where the plan alone cannot say it: how many validations a training has depends on its updates.
std::string patience_warning(const Plan& plan, const System& system, const Corpora& corpora) {
  const training::TrainingOptions& training = system.training;
  const bool by_epochs = training.validate_every == 0 && training.max_updates == 0;
  if (training.patience == 0 || by_epochs) return {};
  const Index epoch = updates_of_epoch(system, corpora, plan.seeds.front());
  const bool endless = training.epochs >= runs::kEndless;
  if (endless && training.max_updates == 0) return {};
  Index updates = endless ? training.max_updates : training.epochs * epoch;
  if (training.max_updates > 0) updates = std::min(updates, training.max_updates);
  const Index every = training.validate_every > 0 ? training.validate_every : epoch;
  const Index validations = (updates + every - 1) / every;
  if (training.patience < validations) return {};
  return fmt::format("system '{}': training.patience {} can never end a training of {} validations early",
                     system.name, training.patience, validations);
}

}  // namespace

Index updates_of_epoch(const System& system, const Corpora& corpora, Index seed) {
  const training::TrainingOptions& training = system.training;
  const auto order = data::training_order(corpora.prepared.train, training.batch,
                                          training.data_seed.value_or(static_cast<std::uint64_t>(seed)), 0);
  return (static_cast<Index>(order.size()) + training.accumulate - 1) / training.accumulate;
}

std::vector<std::string> warnings(const Plan& plan, const Corpora& corpora) {
  std::vector<std::string> said;
  // The lines of the test sets, and then which of them the training text has: that may be larger than memory.
  std::unordered_map<std::uint64_t, bool> in_training;
  for (const auto& [name, corpus, tokenized] : corpora.splits.tests) {
    for (const std::string& line : corpus.source) in_training[data::line_hash(line)] = false;
  }
  for (const std::uint64_t hash : corpora.prepared.source_lines) {
    if (const auto found = in_training.find(hash); found != in_training.end()) found->second = true;
  }
  corpora.prepared.source_lines.forget();
  for (const auto& [name, corpus, tokenized] : corpora.splits.tests) {
    Index count = 0;
    std::string lines;
    for (std::size_t i = 0; i < corpus.source.size(); ++i) {
      if (!in_training[data::line_hash(corpus.source[i])]) continue;
      if (++count <= 3) lines += fmt::format("{}{}", count == 1 ? "" : ", ", i + 1);
    }
    if (count > 0) {
      said.push_back(fmt::format("{} of {} source sentences of test set '{}' also occur in training (lines {}{})",
                                 count, corpus.size(), name, lines, count > 3 ? ", …" : ""));
    }
  }
  for (const std::string& warning : other_normal_forms(plan, corpora)) said.push_back(warning);
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
    if (auto warning = patience_warning(plan, system, corpora); !warning.empty())
      said.push_back(std::move(warning));
  }
  return said;
}

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
  if (!learned.source.empty()) {
    facts.hashes[kTokenizerHash] = tokenizer_key(plan, prepared.source_hash + prepared.target_hash);
    put(folder.source_tokenizer(), learned.source);
    if (!learned.target.empty()) put(folder.target_tokenizer(), learned.target);
  }
  put(folder.source_vocabulary(), prepared.source.to_text());
  put(folder.target_vocabulary(), prepared.target.to_text());
  for (const auto& [name, dataset] : prepared.tests) facts.tests[name] = facts_of(dataset);

  // A folder of other text is refused before anything in it is touched.
  const auto refuse = [&folder](const std::string& what) {
    throw FolderError(
        fmt::format("{}: its runs used other text ({}) than the plan's data now gives; keep it with --out "
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
    refuse(fmt::format("data.json is gone, and had another hash by {}", run.manifest().string()));
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

bool data_stands(const runs::RunFolder& folder) {
  const auto facts = runs::read_if_exists<runs::DataFacts>(folder.data_facts());
  if (!facts) return false;
  const auto files = hashes_of_files(*facts);
  return std::all_of(files.begin(), files.end(),
                     [&](const auto& file) { return std::filesystem::exists(folder.data() / file.first); });
}

}  // namespace regard::experiment
