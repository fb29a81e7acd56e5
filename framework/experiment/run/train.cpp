#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/base/stage.h"
#include "framework/evaluation/bleu.h"
#include "framework/evaluation/line_metrics.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/experiment/run/stages.h"
#include "framework/inference/detokenizer.h"
#include "framework/runs/results_json.h"
#include "framework/training/checkpoint.h"
#include "framework/training/trainer.h"

namespace regard::experiment {
namespace {

// Computes loss, greedy BLEU and, if training.best_by needs it, chrF or exact match of the validation set. `search` is
// validation_of() of the plan's decoding options: only these determine the training (resume_state.cpp).
training::Validation validate(const RunUnderWay& run, const decoding::SearchOptions& search,
                              const models::Seq2Seq& model) {
  const Corpora& corpora = run.corpora;
  const decoding::Loss loss = decoding::forced_loss(model, corpora.prepared.valid, search.batch_sentences);
  const inference::Detokenizer detokenizer(corpora.prepared.target_tokenizer, corpora.prepared.target, search);
  std::vector<std::string> lines;
  const data::FurtherWords* const further = data::further_words(corpora.prepared.valid);
  for (const auto& translation : decoding::translate(model, corpora.prepared.valid, search))
    lines.push_back(detokenizer.line(detokenizer.tokens(translation, further)));
  const auto& references = corpora.splits.valid.target;
  const auto bleu = evaluation::corpus_bleu(lines, {references}, {.tokenizer = evaluation::Tokenizer::none});
  training::Validation validation{.loss = loss.per_token(), .bleu = bleu.score};
  const training::Metric best_by = run.system.training.best_by;
  if (best_by == training::Metric::chrf || best_by == training::Metric::exact_match) {
    const auto metric =
        evaluation::facts_of(best_by == training::Metric::chrf ? evaluation::LineMetric::chrf2
                                                               : evaluation::LineMetric::exact_match)
            .make();
    validation.selecting = metric->score(metric->statistics(lines, {references}).sum());
  }
  return validation;
}

// history.jsonl and timing.jsonl: one line for each validation; every write replaces the whole file. A third file has
// the sha256 of each line of the history, so that a resumed training can check that the lines did not change.
class Logs {
 public:
  explicit Logs(const runs::RunPaths& paths)
      : paths_(paths),
        history_(read_log(paths.history())),
        hashes_(read_log(paths.history_hashes())),
        timing_(read_log(paths.timing())) {}

  // Keeps the first `validations` lines. A kill may have left a line without its checkpoint; its validation is done
  // again.
  void keep(Index validations) {
    history_.resize(std::min(history_.size(), static_cast<std::size_t>(validations)));
    hashes_.clear();
    for (const std::string& line : history_) hashes_.push_back(sha256(line));
    timing_.resize(std::min(timing_.size(), history_.size()));
  }

  // FolderError if a line of the history is missing or has changed. A folder of an older version has no hashes.
  void require_whole(Index validations) const {
    const auto count = static_cast<std::size_t>(validations);
    bool whole = history_.size() >= count;
    for (std::size_t i = 0; whole && i < std::min(count, hashes_.size()); ++i)
      whole = hashes_[i] == sha256(history_[i]);
    if (whole) return;
    throw FolderError(fmt::format(
        "{}: is damaged: its first {} lines are not those of the validations before the checkpoint; put the file "
        "back, or train this run again from the start with --retrain",
        paths_.history().string(), validations));
  }

  void add(const HistoryEntry& entry, const TimingEntry& took) {
    history_.push_back(without_newline(runs::to_json(entry)));
    hashes_.push_back(sha256(history_.back()));
    timing_.push_back(without_newline(runs::to_json(took)));
    // The hashes first, because a line without a hash is not checked.
    write_file(paths_.history_hashes(), joined_lines(hashes_));
    write_file(paths_.history(), joined_lines(history_));
    write_file(paths_.timing(), joined_lines(timing_));
  }

  // Returns the seconds of training so far.
  [[nodiscard]] double seconds() const {
    return timing_.empty() ? 0 : runs::from_json<TimingEntry>(timing_.back(), paths_.timing().string()).seconds;
  }

  [[nodiscard]] EventFile events() const {
    std::vector<HistoryEntry> entries;
    std::vector<TimingEntry> times;
    for (const std::string& line : history_)
      entries.push_back(runs::from_json<HistoryEntry>(line, paths_.history().string()));
    for (const std::string& line : timing_)
      times.push_back(runs::from_json<TimingEntry>(line, paths_.timing().string()));
    return {paths_, entries, times};
  }

 private:
  static std::string without_newline(std::string line) {
    line.pop_back();
    return line;
  }

  const runs::RunPaths& paths_;
  std::vector<std::string> history_;
  std::vector<std::string> hashes_;  // of the history's lines
  std::vector<std::string> timing_;
};

void note_validation(RunUnderWay& run, Logs& logs, const HistoryEntry& entry, const TimingEntry& took) {
  logs.add(entry, took);
  if (run.events) run.events->add(entry, took);
  run.manifest.training_seconds = took.seconds;
  run.manifest.target_tokens_per_second = took.seconds > 0 ? static_cast<double>(entry.tokens) / took.seconds : 0;
  run.log.line("epoch {} update {}: train loss {:.4f}, valid perplexity {:.3f}, valid BLEU {:.2f}{}", entry.epoch,
               entry.update, entry.train_loss, entry.valid_perplexity, entry.valid_bleu,
               entry.best ? ", best" : "");
  if (run.hooks.event) run.hooks.event(entry);
}

void go_on(RunUnderWay& run, const Logs& logs, training::Trainer& trainer) {
  const double seconds = logs.seconds();
  trainer.resume(run.paths.last_checkpoint(), seconds);
  run.manifest.training_seconds = seconds;
  run.manifest.target_tokens_per_second = seconds > 0 ? static_cast<double>(trainer.state().tokens) / seconds : 0;
  run.log.line("resumes after update {}", trainer.state().updates);
}

void begin_warm(RunUnderWay& run) {
  const config::Path& file = run.system.training.warm_start;
  const auto [copied, initial] = training::copy_parameters(file.expanded, run.model.params());
  run.log.line("starts with {} parameters of {} (sha256 {}); parameters with initial values: {}", copied.size(),
               file.given, sha256_file(file.expanded),
               initial.empty() ? "none" : fmt::format("{}", fmt::join(initial, ", ")));
}

}  // namespace

bool train(RunUnderWay& run, runs::Status& status) {
  const Stage stage("train");
  Logs logs(run.paths);
  training::Hooks hooks;
  hooks.validate = [&run, search = decoding::validation_of(run.system.decoding)](const models::Seq2Seq& model) {
    return validate(run, search, model);
  };
  hooks.progress = [&run](const training::Progress& progress) {
    if (run.hooks.event) run.hooks.event(progress);
  };
  hooks.validated = [&run, &logs](const HistoryEntry& entry, const TimingEntry& took) {
    note_validation(run, logs, entry, took);
  };
  hooks.stop = run.hooks.stop;
  hooks.warn = [&run](const std::string& warning) { run.log.line("{}", warning); };
  std::vector<data::Alignment> alignments;
  if (run.system.training.guided_alignment > 0) alignments = run.corpora.prepared.gold.in_memory();
  training::Trainer trainer(run.model, run.corpora.prepared.train, run.system.training,
                            static_cast<std::uint64_t>(run.seed), run.paths.checkpoints(), hooks, alignments);
  if (is_begun(run.paths)) {
    go_on(run, logs, trainer);
  } else if (!run.system.training.warm_start.empty()) {
    begin_warm(run);
  }
  logs.require_whole(trainer.state().validations);
  logs.keep(trainer.state().validations);
  if (run.plan.report.tensorboard) run.events.emplace(logs.events());
  const training::Outcome outcome = trainer.run();
  if (outcome.stopped == training::Stopped::interrupted) return false;
  status.updates = outcome.state.updates;
  status.epochs = outcome.state.epochs;
  status.best_epoch = outcome.state.best_epoch;
  status.best_update = outcome.state.best_update;
  status.stopped = training::name_of(outcome.stopped);
  status.time_dependent = outcome.stopped == training::Stopped::minutes;
  return true;
}

}  // namespace regard::experiment
