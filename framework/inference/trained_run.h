#pragma once
// A trained run, opened from its run folder: the model with the best parameters, vocabularies and tokenisers.
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
  // `folder` is RUNS/SYSTEM/seed-N, or a run folder with one run, as export_run() writes it. Loads the plan's
  // plug-ins, and `plugins`. ConfigError for a folder that is none, DataError for vocabularies that are not those
  // of the training, CheckpointError for a run that has no parameters yet; else as read_plan().
  explicit TrainedRun(const Path& folder, std::span<const std::string> plugins = {});

  // Returns the attention weights over a sentence: for the model's own translation (by the plan's beam), or for
  // `target`. Words are as given, followed by </s>. With its maps, if there are several. ConfigError for a system without attention and for a text
  // without words.
  [[nodiscard]] runs::AttentionExample attend(const std::string& sentence,
                                              const std::optional<std::string>& target) const;

  // Returns the words of a line that the model does not know, in their order.
  [[nodiscard]] std::vector<std::string> unknown_source(const std::string& line) const;
  [[nodiscard]] std::vector<std::string> unknown_target(const std::string& line) const;

  // Returns tokens of the target language as a line.
  [[nodiscard]] std::string target_line(std::span<const std::string> tokens) const {
    return tokenizers_.target->decode(tokens);
  }

  // Returns the plan's `decoding:` for this system, overridden by the texts of --set. ConfigError for other keys,
  // and for options that contradict each other.
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

  // Returns a line normalised as the plan's text, before tokenising. It must be valid UTF-8.
  [[nodiscard]] std::string plan_text(const std::string& line) const;

 private:
  // Returns the tokens of a line, normalised as the plan's text.
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
