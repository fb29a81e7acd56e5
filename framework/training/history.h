#pragma once
// What a training says of each validation: one record for the trainer, the files of a run and the report. The
// trainer fills it in; `runs` writes and reads it (runs/results_json.h).
#include <map>
#include <string>

#include "framework/base/base.h"

namespace regard::training {

// One line of history.jsonl: results, no time.
struct HistoryEntry {
  Index epoch = 0;  // counted from 1: the one under way or just finished
  Index update = 0;
  Index tokens = 0;             // target tokens so far
  double learning_rate = 0;     // of the last update
  double train_loss = 0;        // nats a token since the last validation, with dropout and label smoothing
  double gradient_norm = 0;     // mean over the updates since then, before clipping
  double valid_loss = 0;        // nats a token
  double valid_perplexity = 0;  // exp(valid_loss)
  double valid_bleu = 0;        // 0 where the validation did not measure it
  bool best = false;
  // The losses of attention by name, in their own unit (nats) a token since the last validation, not multiplied by
  // their weights. And the numbers that the variant watches: their means over the target positions since then.
  std::map<std::string, double> losses = {};
  std::map<std::string, double> watched = {};
};

// One line of timing.jsonl, beside the history's line of the same update: measurements.
struct TimingEntry {
  Index epoch = 0;
  Index update = 0;
  double seconds = 0;            // of training alone since the start, earlier processes included
  double tokens_per_second = 0;  // target tokens since the last validation
  double validation_seconds = 0;
};

}  // namespace regard::training
