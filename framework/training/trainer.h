#pragma once
// The training loop: batches in an order that depends on the seed and the epoch alone, loss, gradients, clipping,
// the optimiser's step; validation, early stopping, checkpoints. What it does after a checkpoint is what it would
// have done without a stop there, bit for bit, with any number of threads.
#include <filesystem>
#include <functional>
#include <optional>

#include "framework/autodiff/packed_weights.h"
#include "framework/data/epoch.h"
#include "framework/models/seq2seq.h"
#include "framework/training/divergence.h"
#include "framework/training/gradients.h"
#include "framework/training/history.h"
#include "framework/training/optimizer.h"
#include "framework/training/options.h"
#include "framework/training/schedule.h"
#include "framework/training/state.h"

namespace regard::training {

class TrainingClock;

struct Validation {
  double loss = 0;                  // nats a target token, teacher forced
  std::optional<double> bleu;       // 0 … 100; needed for Metric::bleu
  std::optional<double> chrf = {};  // the same for Metric::chrf
};

// After each update; for a line on a terminal.
struct Progress {
  Index epoch = 0;  // counted from 1
  Index epochs = 0;
  Index update = 0;
  Index updates = 0;             // of the whole training, unless it ends early
  Index tokens = 0;              // target tokens so far
  double loss = 0;               // nats a token since the last validation
  double tokens_per_second = 0;  // target tokens, of this process, validation not counted
  double seconds_left = 0;       // of training alone, unless it ends early
};

enum class Stopped : std::uint8_t { epochs, updates, tokens, minutes, patience, interrupted };

// "epochs", "updates", "tokens", "minutes", "patience", "interrupted"
[[nodiscard]] const char* name_of(Stopped stopped) noexcept;

struct Outcome {
  Stopped stopped = Stopped::epochs;
  State state;
};

// What the trainer asks of and tells to those around it. `validate` is needed; it must not change the model.
struct Hooks {
  std::function<Validation(const models::Seq2Seq&)> validate;
  std::function<void(const Progress&)> progress = {};
  // Before the checkpoint is written. After a kill in between, the same record comes again: keep
  // State::validations lines when going on.
  std::function<void(const HistoryEntry&, const TimingEntry&)> validated = {};
  // A sentence for the log: a checkpoint that was damaged, and what is used instead.
  std::function<void(const std::string&)> warn = {};
  // Asked after each update; true finishes the step, saves, and returns Stopped::interrupted.
  std::function<bool()> stop = {};
};

class Trainer final {
 public:
  // Model and data outlive the trainer. `seed` is the run's: of dropout and, unless given apart, of the order of
  // the data. Checkpoints go to `checkpoints`, a folder that exists; empty: none are written. An unknown optimiser
  // or schedule is a ConfigError.
  // Guided alignment needs `alignments`, one for each line of the corpus that the data was made from.
  Trainer(models::Seq2Seq& model, const data::Dataset& train, const TrainingOptions& options, std::uint64_t seed,
          std::filesystem::path checkpoints, Hooks hooks, std::span<const data::Alignment> alignments = {});

  // Goes on from a `last` checkpoint of this training, or from the one before it where the last is damaged.
  // CheckpointError as load_training where neither will do. `seconds` is what the training has taken so far.
  void resume(const std::filesystem::path& file, double seconds = 0);

  // Trains to the end, or until it is told to stop; a training that is over returns at once. NonFiniteError names
  // the step, what was not finite first, the batch and the last checkpoint, which stays as it is.
  Outcome run();

  [[nodiscard]] const State& state() const noexcept { return state_; }

 private:
  [[nodiscard]] std::optional<Stopped> over() const { return over(state_); }
  [[nodiscard]] std::optional<Stopped> over(const State& state) const;
  // Where the training was ended by a length that it no longer has: forgets the validation that the end asked for.
  void forget_extra_validation();
  // One update from the next batches of the epoch.
  void step(data::TrainingEpoch& epoch);
  // The gradients of batch b, divided by `count`, are added; the loss of the batch.
  double accumulate(data::TrainingEpoch& epoch, Index b, const models::Objective& objective, Index count);
  // `extra`: the end of the training asked for it, no rule of its own.
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
  std::span<const data::Alignment> alignments_;  // by line
  Averaging optimizer_;
  SchedulePtr schedule_;
  GradientNorm norm_;
  Key dropout_;
  PackedWeights weights_;  // of the pass under way, forward or backward
  Tape tape_;
  data::Batch batch_;
  State state_;
  Index last_save_ = 0;  // the update of the last checkpoint
  double seconds_before_ = 0;
};

}  // namespace regard::training
