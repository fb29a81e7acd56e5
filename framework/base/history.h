#pragma once
// The record of a validation, for the trainer, the files of a run and the report. The trainer fills it; `runs` writes
// and reads it (runs/results_json.h).
#include <map>
#include <string>

#include "framework/base/base.h"

namespace regard {

// One line of history.jsonl: results, no time.
struct HistoryEntry {
  Index epoch = 0;  // counted from 1: the current or just finished epoch
  Index update = 0;
  Index tokens = 0;             // target tokens so far
  double learning_rate = 0;     // of the last update
  double train_loss = 0;        // nats per token since the last validation, with dropout and label smoothing
  double gradient_norm = 0;     // mean over the updates since the last validation, before clipping
  double valid_loss = 0;        // nats per token
  double valid_perplexity = 0;  // exp(valid_loss)
  double valid_bleu = 0;        // 0 if the validation did not compute it
  bool best = false;
  // The losses of attention by name: each in its own unit (nats) a token since the last validation, not multiplied by
  // its weight. Also the numbers that the variant watches: their means over the target positions since then.
  std::map<std::string, double> losses = {};
  std::map<std::string, double> watched = {};
};

// One line of timing.jsonl: measurements for the history's line of the same update.
struct TimingEntry {
  Index epoch = 0;
  Index update = 0;
  double seconds = 0;            // of training only, since the start, with earlier processes
  double tokens_per_second = 0;  // target tokens since the last validation
  double validation_seconds = 0;
};

}  // namespace regard
