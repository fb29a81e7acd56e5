#pragma once
// A run that was trained, opened again: its model with the best parameters, its vocabularies and tokenisers, from
// what stands in the run folder alone.
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "framework/data/prepare.h"
#include "framework/inference/run_record.h"
#include "framework/models/seq2seq.h"
#include "framework/runs/results.h"

namespace regard::inference {

class TrainedRun final {
 public:
  // `folder` is that of one system and seed, RUNS/SYSTEM/seed-N, or a run folder with one run in it, as
  // export_run() writes. Loads the plan's plug-ins, and `plugins`. ConfigError for a folder that is none,
  // DataError for vocabularies that are not those of the training, CheckpointError for a run that has no
  // parameters yet; else as read_plan().
  explicit TrainedRun(const Path& folder, std::span<const std::string> plugins = {});

  // The weights with which the model looks at a sentence: for its own translation (by the plan's beam), or for
  // `target`. Words stand as they were given, </s> behind them. ConfigError for a system without attention and for
  // a text without words.
  [[nodiscard]] runs::AttentionExample attend(const std::string& sentence,
                                              const std::optional<std::string>& target) const;

  // The words of a line that the model does not know, in their order.
  [[nodiscard]] std::vector<std::string> unknown_source(const std::string& line) const;
  [[nodiscard]] std::vector<std::string> unknown_target(const std::string& line) const;

  // Tokens of the target language as a line.
  [[nodiscard]] std::string target_line(std::span<const std::string> tokens) const {
    return tokenizers_.target->decode(tokens);
  }

  // The plan's `decoding:` for this system under the texts of --set. ConfigError for other keys than its, and for
  // options that do not go together.
  [[nodiscard]] decoding::SearchOptions search_with(std::span<const std::string> sets) const;

  [[nodiscard]] const std::string& system() const noexcept { return system_; }  // its name in the plan
  [[nodiscard]] Index seed() const noexcept { return seed_; }
  [[nodiscard]] const RunRecord& record() const noexcept { return record_; }
  [[nodiscard]] const Path& folder() const noexcept { return folder_; }  // RUNS/SYSTEM/seed-N
  [[nodiscard]] const data::Vocabulary& source_vocabulary() const noexcept { return source_; }
  [[nodiscard]] const data::Vocabulary& target_vocabulary() const noexcept { return target_; }
  [[nodiscard]] const data::Tokenizers& tokenizers() const noexcept { return tokenizers_; }
  [[nodiscard]] const data::Learned& learned() const noexcept { return learned_; }  // by the tokenisers
  [[nodiscard]] const models::Seq2Seq& model() const noexcept { return *model_; }

  // A line in the form that the plan gives its text, before it becomes tokens. It must be valid UTF-8.
  [[nodiscard]] std::string plan_text(const std::string& line) const;

 private:
  // The tokens of a line in the form that the plan gives its text.
  [[nodiscard]] std::vector<std::string> words_of(const data::Tokenizer& tokenizer, const std::string& line,
                                                  const char* what) const;

  Path folder_;
  Index seed_ = 0;
  std::string system_;
  RunRecord record_;
  data::Vocabulary source_, target_;
  data::Learned learned_;
  data::Tokenizers tokenizers_;
  std::unique_ptr<models::Seq2Seq> model_;
};

}  // namespace regard::inference
