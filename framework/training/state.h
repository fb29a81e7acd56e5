#pragma once
// Where a training stands, beside its parameters and its optimiser: numbers alone, all of them in the checkpoint.
// No time is among them.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::training {

// What a training is a continuation of: a checkpoint goes on only under the same.
struct Identity {
  std::uint64_t seed = 0;
  std::uint64_t data_seed = 0;
  std::string optimizer;
  Index batch_tokens = 0;
  Index batch_sentences = 0;
  Index accumulate = 1;
  Index pairs = 0;          // of the training data
  Index target_tokens = 0;  // of all of them, </s> not counted
  std::string best_by;      // "loss", "bleu" or "chrf"

  friend bool operator==(const Identity&, const Identity&) = default;
};

// Sums since the last validation.
struct Running {
  double loss = 0;           // nats
  Index tokens = 0;          // target tokens
  double gradient_norm = 0;  // before clipping
  Index updates = 0;

  friend bool operator==(const Running&, const Running&) = default;
};

struct State {
  Index epochs = 0;    // finished
  Index position = 0;  // batches done in the epoch under way
  Index updates = 0;
  Index tokens = 0;  // target tokens seen, </s> counted
  Running running;
  Index validations = 0;       // lines of the history that belong to this state
  Index last_validation = 0;   // the update after which it was
  Index misses = 0;            // validations without improvement: all of them
  Index misses_in_row = 0;     // … and those since the best one
  std::optional<double> best;  // the metric's value
  Index best_epoch = 0;        // as in the history, counted from 1
  Index best_update = 0;
  bool time_is_up =
      false;  // max_minutes were reached: the updates are final, however long another start would take
  // The state before a validation that only the end of the training asked for, else empty. A training that is made
  // longer goes on from there, as if it had not stopped.
  std::vector<State> before_extra = {};

  friend bool operator==(const State&, const State&) = default;
};

}  // namespace regard::training
