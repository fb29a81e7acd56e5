#include "framework/experiment/opened_run.h"

#include <fmt/format.h>

#include <charconv>

#include "framework/base/files.h"
#include "framework/base/utf8.h"
#include "framework/experiment/translated.h"
#include "framework/training/checkpoint.h"

namespace regard::experiment {
namespace {

// The N of "seed-N"; nothing for another name.
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

// What a tokeniser learned; nothing where it had nothing to learn.
std::string learned(const Path& file) {
  std::string reason;
  return try_read_file(file, reason).value_or("");
}

std::vector<data::TokenId> ids_of(const data::Vocabulary& vocabulary, const std::vector<std::string>& words) {
  std::vector<data::TokenId> ids;
  for (const std::string& word : words) ids.push_back(vocabulary.id(word));
  return ids;
}

}  // namespace

OpenedRun::OpenedRun(const Path& folder, std::span<const std::string> plugins)
    : folder_((folder / "").lexically_normal().parent_path()) {
  const auto seed = seed_of(folder_.filename().string());
  const RunFolder runs{folder_.parent_path().parent_path()};
  if (!seed || !std::filesystem::exists(runs.resolved_plan())) {
    throw ConfigError(
        fmt::format("{}: is no run; give the folder of one system and seed, as in "
                    "runs/quickstart/dot/seed-1",
                    folder.string()));
  }
  plan_ = read_plan(runs.resolved_plan().string(), {}, plugins);
  system_ = &system_named(plan_, folder_.parent_path().filename().string());
  source_ = data::Vocabulary::load(runs.source_vocabulary());
  target_ = data::Vocabulary::load(runs.target_vocabulary());
  tokenizers_ = data::recall_tokenizers(plan_.data.tokenizer,
                                        {learned(runs.source_tokenizer()), learned(runs.target_tokenizer())});
  model_ = std::make_unique<models::Seq2Seq>(system_->model, source_.size(), target_.size(),
                                             static_cast<std::uint64_t>(*seed));
  training::load_parameters(runs.run(system_->name, *seed).best_checkpoint(), model_->params());
}

std::vector<std::string> OpenedRun::words_of(const data::Tokenizer& tokenizer, const std::string& line,
                                             const char* what) const {
  if (const auto at = utf8::first_invalid(line)) {
    throw ConfigError(fmt::format("the {} is not valid UTF-8 at byte {}", what, *at + 1));
  }
  data::Splits text;
  text.train.source.push_back(line);
  text.train.target.emplace_back();
  data::apply(plan_.data.text, text);
  std::vector<std::string> words = tokenizer.encode(text.train.source.front());
  if (words.empty()) throw ConfigError(fmt::format("the {} has no word; give one at least", what));
  return words;
}

std::vector<std::string> OpenedRun::unknown_source(const std::string& line) const {
  return unknown_of(source_, words_of(*tokenizers_.source, line, "sentence"));
}
std::vector<std::string> OpenedRun::unknown_target(const std::string& line) const {
  return unknown_of(target_, words_of(*tokenizers_.target, line, "target"));
}

AttentionExample OpenedRun::attend(const std::string& sentence, const std::optional<std::string>& target) const {
  if (!model_->decoder().has_attention()) {
    throw ConfigError(fmt::format("{}: system '{}' has no attention to show; choose another system's run",
                                  folder_.string(), system_->name));
  }
  AttentionExample example;
  example.source = words_of(*tokenizers_.source, sentence, "sentence");
  data::Dataset dataset;
  dataset.source.add(ids_of(source_, example.source));
  dataset.lines.push_back(0);
  if (target) {
    example.target = words_of(*tokenizers_.target, *target, "target");
    dataset.target.add(ids_of(target_, example.target));
    data::Batch batch;
    const std::vector<Index> first{0};
    data::fill(dataset, first, batch);
    Tape tape(model_->arithmetic(), Tape::Mode::evaluate);
    const Tensor weights = model_->weights(nn::Pass{tape}, batch).value();
    const Index columns = weights.cols();
    for (Index row = 0; row < weights.rows(); ++row) {
      auto& line = example.weights.emplace_back();
      for (Index s = 0; s < columns; ++s) line.push_back(static_cast<float>(weights.at(row * columns + s)));
    }
    example.target.emplace_back("</s>");
  } else {
    dataset.target.add({});
    const auto found = decoding::translate(*model_, dataset, system_->decoding).front();
    example.target = tokens_of(target_, found);
    if (found.complete) example.target.emplace_back("</s>");
    const auto columns = static_cast<std::ptrdiff_t>(found.source_length);
    for (std::size_t row = 0; row < example.target.size(); ++row) {
      const auto begin = found.weights.begin() + static_cast<std::ptrdiff_t>(row) * columns;
      example.weights.emplace_back(begin, begin + columns);
    }
  }
  example.source.emplace_back("</s>");
  return example;
}

}  // namespace regard::experiment
