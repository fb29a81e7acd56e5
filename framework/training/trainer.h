#pragma once
// The training loop: batches, whose order depends only on the seed and the epoch; loss, gradients, clipping and the
// optimiser's step; validation, early stopping and checkpoints. A resumed training gives the same bytes as an
// uninterrupted one, with any number of threads.
#include <filesystem>
#include <functional>
#include <optional>

#include "framework/autodiff/packed_weights.h"
#include "framework/base/history.h"
#include "framework/data/epoch.h"
#include "framework/models/seq2seq.h"
#include "framework/training/divergence.h"
#include "framework/training/gradients.h"
#include "framework/training/optimizer.h"
#include "framework/training/options.h"
#include "framework/training/schedule.h"
#include "framework/training/state.h"

namespace regard::training {

class TrainingClock;

struct Validation {
  double loss = 0;             // nats per target token, with teacher forcing
  std::optional<double> bleu;  // 0 … 100; needed for Metric::bleu
  std::optional<double> selecting =
      {};  // of Metric::chrf or exact_match, 0 … 100; needed if best_by is one of them
};

// The progress after each update, for a line on a terminal.
struct Progress {
  Index epoch = 0;   // counted from 1
  Index epochs = 0;  // 0: not known, because epochs is auto
  Index update = 0;
  Index updates = 0;             // of the whole training, unless it ends early
  Index tokens = 0;              // target tokens so far
  double loss = 0;               // nats per token since the last validation
  double tokens_per_second = 0;  // target tokens of this process, without time for validation
  double seconds_left = 0;       // of training only, unless it ends early
};

enum class Stopped : std::uint8_t { epochs, updates, tokens, minutes, patience, interrupted };

// Returns "epochs", "updates", "tokens", "minutes", "patience" or "interrupted".
[[nodiscard]] const char* name_of(Stopped stopped) noexcept;

struct Outcome {
  Stopped stopped = Stopped::epochs;
  State state;
};

// The functions that a trainer calls. `validate` is required; it must not change the model.
struct Hooks {
  std::function<Validation(const models::Seq2Seq&)> validate;
  std::function<void(const Progress&)> progress = {};
  // Called before the checkpoint is written. After a kill in between, the same record comes again: keep only
  // State::validations lines when the training is resumed.
  std::function<void(const HistoryEntry&, const TimingEntry&)> validated = {};
  // Called with a sentence for the log, for example about a damaged checkpoint.
  std::function<void(const std::string&)> warn = {};
  // Called after each update; if it returns true, the trainer saves and returns Stopped::interrupted.
  std::function<bool()> stop = {};
};

class Trainer final {
 public:
  // Model and data must outlive the trainer. `seed` is the run's seed for dropout and, without data_seed, for the order
  // of the data. Checkpoints are written to the existing folder `checkpoints`; if it is empty, none are written.
  // ConfigError for an unknown optimiser or schedule. Guided alignment needs `alignments`, one for each line of the
  // corpus of the data.
  Trainer(models::Seq2Seq& model, const data::Dataset& train, const TrainingOptions& options, std::uint64_t seed,
          std::filesystem::path checkpoints, Hooks hooks, std::span<const data::Alignment> alignments = {});

  // Resumes from a `last` checkpoint of this training, or from the previous one if the last is damaged. Throws the
  // CheckpointErrors of load_training if neither can be used. `seconds` is the training time so far.
  void resume(const std::filesystem::path& file, double seconds = 0);

  // Trains to the end, or until `stop` returns true; a finished training returns at once. NonFiniteError with the step,
  // the first value that is not finite, the batch and the last checkpoint, which is not changed.
  Outcome run();

  [[nodiscard]] const State& state() const noexcept { return state_; }

 private:
  [[nodiscard]] std::optional<Stopped> over() const { return over(state_); }
  [[nodiscard]] std::optional<Stopped> over(const State& state) const;
  // If the training ended at a length that is no longer its limit, removes the validation that was made at this end.
  void forget_extra_validation();
  // Does one update with the next batches of the epoch.
  void step(data::TrainingEpoch& epoch);
  // Adds the gradients of batch b, divided by `count`, and returns the loss of the batch.
  double accumulate(data::TrainingEpoch& epoch, Index b, const models::Objective& objective, Index count);
  // Adds a batch's own losses and watched numbers to the running sums.
  void note(const models::Losses& losses);
  // `extra`: only the end of the training caused it.
  void validate(TrainingClock& clock, bool extra);
  void save();
  void keep();
  [[nodiscard]] double learning_rate() const;
  [[nodiscard]] Moment moment() const;
  [[nodiscard]] Progress progress(const TrainingClock& clock, Index batches_an_epoch) const;

  models::Seq2Seq& model_;
  const data::Dataset& train_;
  TrainingOptions options_;
  Identity identity_;
  std::filesystem::path checkpoints_;
  Hooks hooks_;
  std::span<const data::Alignment> alignments_;  // by line of the corpus
  Averaging optimizer_;
  SchedulePtr schedule_;
  GradientNorm norm_;
  Key dropout_;
  PackedWeights weights_;  // of the current pass, forward or backward
  Tape tape_;
  data::Batch batch_;
  State state_;
  Index last_save_ = 0;  // the update of the last checkpoint
  double seconds_before_ = 0;
};

}  // namespace regard::training
