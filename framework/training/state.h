#pragma once
// The state of a training besides its parameters and its optimiser: numbers without times, all in the checkpoint.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::training {

// Identifies a training: a checkpoint can only be resumed with the same identity.
struct Identity {
  std::uint64_t seed = 0;
  std::uint64_t data_seed = 0;
  std::string optimizer;
  Index batch_tokens = 0;
  Index batch_sentences = 0;
  Index accumulate = 1;
  Index pairs = 0;          // of the training data
  Index target_tokens = 0;  // of all pairs, without </s>
  std::string best_by;      // "loss", "bleu", "chrf" or "exact_match"

  friend bool operator==(const Identity&, const Identity&) = default;
};

// Sums since the last validation.
struct Running {
  double loss = 0;           // nats
  Index tokens = 0;          // target tokens
  double gradient_norm = 0;  // before clipping
  Index updates = 0;
  std::map<std::string, double, std::less<>> terms = {};  // of attention's losses, not multiplied by their weights
  std::map<std::string, double, std::less<>> watched = {};  // each batch's mean times its target tokens

  friend bool operator==(const Running&, const Running&) = default;
};

struct State {
  Index epochs = 0;    // finished
  Index position = 0;  // finished batches of the current epoch
  Index updates = 0;
  Index tokens = 0;  // target tokens with </s>
  Running running;
  Index validations = 0;       // lines of the history that belong to this state
  Index last_validation = 0;   // the update of the last validation
  Index misses = 0;            // all validations without improvement
  Index misses_in_row = 0;     // those since the best validation
  std::optional<double> best;  // the metric's value
  Index best_epoch = 0;        // as in the history, counted from 1
  Index best_update = 0;
  bool time_is_up = false;  // max_minutes is reached: no later start adds updates
  // The state before a validation that was only made because the training ended; else empty. If the training becomes
  // longer, it continues from this state, as if it had not ended.
  std::vector<State> before_extra = {};

  friend bool operator==(const State&, const State&) = default;
};

}  // namespace regard::training
