#include "framework/inference/trained_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/base/utf8.h"
#include "framework/config/section.h"
#include "framework/config/yaml.h"
#include "framework/inference/detokenizer.h"
#include "framework/plugins/plugins.h"
#include "framework/runs/digest.h"
#include "framework/runs/results_json.h"
#include "framework/training/checkpoint.h"

namespace regard::inference {
namespace {

// Returns the N of "seed-N"; nothing for another name.
std::optional<Index> seed_of(const std::string& name) {
  constexpr std::string_view kStart = "seed-";
  Index seed = 0;
  if (!name.starts_with(kStart)) return std::nullopt;
  const char* const end = name.data() + name.size();
  const auto [at, error] = std::from_chars(name.data() + kStart.size(), end, seed);
  if (error != std::errc() || at != end) return std::nullopt;
  return seed;
}

std::vector<std::string> unknown_of(const data::Vocabulary& vocabulary, std::vector<std::string> words) {
  std::erase_if(words, [&](const std::string& word) { return vocabulary.id(word) != data::kUnk; });
  return words;
}

// Returns the weights of one sentence [1, T, S].
WeightMatrix matrix_of(const Tensor& weights) {
  WeightMatrix matrix{weights.rows(), weights.cols()};
  for (Index i = 0; i < weights.size(); ++i) matrix.values.push_back(weights.at(i));
  return matrix;
}

// What a tokeniser learned; nothing where it had nothing to learn.
std::string learned_by_run(const Path& file) { return read_if_exists(file).value_or(""); }

std::vector<data::TokenId> ids_of(const data::Vocabulary& vocabulary, const std::vector<std::string>& words) {
  std::vector<data::TokenId> ids;
  for (const std::string& word : words) ids.push_back(vocabulary.id(word));
  return ids;
}

// Returns a path whose last three parts are names: RUNS/SYSTEM/seed-N as given; a path without these names ("." or
// "../seed-1") as an absolute path.
Path with_names(const Path& given) {
  const Path folder = (given / "").lexically_normal().parent_path();
  const bool up = folder.empty() || folder == "." || *folder.begin() == "..";
  const bool parts = std::distance(folder.begin(), folder.end()) >= 3;
  if (folder.is_absolute() || (parts && !up)) return folder;
  return (std::filesystem::absolute(given) / "").lexically_normal().parent_path();
}

// Returns RUNS/SYSTEM/seed-N: the given folder, or the folder of the only run in it.
Path run_of(const Path& given) {
  const Path folder = with_names(given);
  if (seed_of(folder.filename().string()) &&
      std::filesystem::exists(runs::RunFolder{folder.parent_path().parent_path()}.resolved_plan()))
    return folder;
  std::vector<Path> found;
  std::error_code error;
  if (std::filesystem::exists(runs::RunFolder{folder}.resolved_plan())) {
    for (const auto& system : std::filesystem::directory_iterator(folder, error)) {
      for (const auto& run : std::filesystem::directory_iterator(system.path(), error)) {
        if (seed_of(run.path().filename().string())) found.push_back(run.path());
      }
    }
  }
  if (found.size() == 1) return found.front();
  throw ConfigError(
      fmt::format("{}: is not a run; give the folder of one system and seed, for example "
                  "runs/quickstart/dot/seed-1",
                  given.string()));
}

// ConfigError if the folder's plan does not have the system.
void require_known_system(const runs::RunPaths& run) {
  if (std::filesystem::exists(run.identity())) return;
  std::vector<std::string> names;
  for (const auto& system : runs::plan_facts(run.folder.parent_path().parent_path()).systems)
    names.push_back(system.name);
  const std::string name = run.folder.parent_path().filename().string();
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw ConfigError(runs::unknown_system(name, names));
}

// Refuses the checkpoint of another run: it may have the same shapes, but other vocabularies.
void check_checkpoint(const runs::RunPaths& run) {
  const auto manifest = runs::read_if_exists<runs::Manifest>(run.manifest());
  if (!manifest) return;
  const Path file = run.best_checkpoint();
  const auto hash = manifest->files.find(file.lexically_relative(run.folder).generic_string());
  if (hash == manifest->files.end() || sha256_file(file) == hash->second) return;
  throw CheckpointError(
      fmt::format("{}: is not the checkpoint of this run (its sha256 is not that in {}), so its "
                  "vocabularies may be different; restore the run's own file",
                  file.string(), run.manifest().filename().string()));
}

}  // namespace

TrainedRun::TrainedRun(const Path& folder, std::span<const std::string> plugins) : folder_(run_of(folder)) {
  seed_ = *seed_of(folder_.filename().string());
  const runs::RunFolder runs{folder_.parent_path().parent_path()};
  const runs::RunPaths paths{folder_};
  system_ = folder_.parent_path().filename().string();
  require_known_system(paths);
  std::vector<plugins::PluginFile> files;
  for (const Path& file : plugin_copies(paths)) files.push_back({file});
  for (const std::string& file : plugins) files.push_back({file});
  static_cast<void>(plugins::load_plugins(files));
  record_ = read_record(paths);
  runs::require_own_vocabularies(runs);
  source_ = data::Vocabulary::load(runs.source_vocabulary());
  target_ = data::Vocabulary::load(runs.target_vocabulary());
  learned_ = {learned_by_run(runs.source_tokenizer()), learned_by_run(runs.target_tokenizer())};
  tokenizers_ = data::recall_tokenizers(record_.data.tokenizer, learned_);
  model_ = std::make_unique<models::Seq2Seq>(record_.model, source_.size(), target_.size(),
                                             static_cast<std::uint64_t>(seed_));
  training::load_parameters(paths.best_checkpoint(), model_->params());
  check_checkpoint(paths);
}

decoding::SearchOptions TrainedRun::search_with(std::span<const std::string> sets) const {
  config::Node tree = config::make_map();
  tree.put("decoding", config::to_node(decoding::search_rows(), record_.decoding));
  for (const std::string& set : sets) {
    if (set.find('=') != std::string::npos && !set.starts_with("decoding.")) {
      throw ConfigError(fmt::format(
          "--set {}: the model is trained; only keys of decoding can be set now, for example decoding.beam=8",
          set));
    }
    tree = config::apply_set(std::move(tree), set);
  }
  const auto options = config::parse(config::Section(*tree.get("decoding"), "decoding"), decoding::search_rows());
  decoding::check_search(options, model_->decoder().has_attention(), system_, tree);
  return options;
}

std::string TrainedRun::plan_text(const std::string& line) const {
  data::Splits text;
  text.train.source.push_back(line);
  data::apply(record_.data.text, text);
  return std::move(text.train.source.front());
}

std::vector<std::string> TrainedRun::words_of(const data::Tokenizer& tokenizer, const std::string& line,
                                              const char* what) const {
  if (const auto at = utf8::first_invalid(line)) {
    throw ConfigError(fmt::format("the {} is not valid UTF-8 at byte {}", what, *at + 1));
  }
  std::vector<std::string> words = tokenizer.encode(plan_text(line));
  if (words.empty()) throw ConfigError(fmt::format("the {} has no word; give at least one", what));
  return words;
}

std::vector<std::string> TrainedRun::unknown_source(const std::string& line) const {
  return unknown_of(source_, words_of(*tokenizers_.source, line, "sentence"));
}
std::vector<std::string> TrainedRun::unknown_target(const std::string& line) const {
  return unknown_of(target_, words_of(*tokenizers_.target, line, "target"));
}

runs::AttentionExample TrainedRun::attend(const std::string& sentence,
                                          const std::optional<std::string>& target) const {
  if (!model_->decoder().has_attention()) {
    throw ConfigError(fmt::format("{}: system '{}' has no attention to show; choose another system's run",
                                  folder_.string(), system_));
  }
  runs::AttentionExample example;
  example.source = words_of(*tokenizers_.source, sentence, "sentence");
  data::Dataset dataset;
  dataset.source.add(ids_of(source_, example.source));
  dataset.lines.push_back(0);
  if (model_->copies()) {
    dataset.copies = std::make_shared<data::Copies>();
    dataset.copies->words = std::make_shared<data::FurtherWords>(target_);
    dataset.copies->add(example.source, {});
  }
  if (target) {
    dataset.copies = nullptr;  // only search reads it
    example.target = words_of(*tokenizers_.target, *target, "target");
    dataset.target.add(ids_of(target_, example.target));
    data::Batch batch;
    const std::vector<Index> first{0};
    data::fill(dataset, first, batch);
    Tape tape(model_->arithmetic(), Tape::Mode::evaluate);
    const models::Looked looked = model_->looks(nn::Pass{tape}, batch);
    example.weights = matrix_of(looked.weights.value());
    for (const Var& map : looked.maps) example.maps.push_back(matrix_of(map.value()));
    example.target.emplace_back("</s>");
  } else {
    dataset.target.add({});
    const auto found = decoding::translate(*model_, dataset, record_.decoding).front();
    example.target = Detokenizer(tokenizers_.target, target_, decoding::validation_of(record_.decoding))
                         .tokens(found, data::further_words(dataset));
    if (found.complete) example.target.emplace_back("</s>");
    const decoding::Translation* const one = &found;
    example.maps = decoding::maps_of(*model_, dataset, {&one, 1}).front();
    example.weights = found.weights;
  }
  example.source.emplace_back("</s>");
  return example;
}

}  // namespace regard::inference
