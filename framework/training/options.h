#pragma once
// The options of the `training:` section of a plan. Defaults are only written here.
#include <cstdint>
#include <optional>

#include "framework/config/option_table.h"
#include "framework/data/batch.h"
#include "framework/training/averaging.h"
#include "framework/training/scheduled_sampling.h"

namespace regard::training {

// The divisor of a batch's loss (a sum over target words) before backward.
enum class Normalise : std::uint8_t { sentence, token };
// The result of a validation that selects the best checkpoint.
enum class Metric : std::uint8_t { loss, bleu, chrf, exact_match };
[[nodiscard]] const char* name_of(Metric metric) noexcept;

struct TrainingOptions {
  config::Tagged optimizer{.name = "adam", .options = {}};
  double learning_rate = 0.001;
  config::OrAuto<double> attention_rate;  // factor for the attention's parameters: attention_rate.h
  config::Tagged schedule{.name = "constant", .options = {}};
  double clip_norm = 5;  // of all gradients together; 0: no clipping
  data::BatchSize batch{.tokens = 0, .sentences = 64};
  Index accumulate = 1;  // batches for each update
  Normalise normalise = Normalise::sentence;
  double label_smoothing = 0;
  double guided_alignment = 0;  // weights of attention's losses (models/attention_losses.h); 0: none
  double attention_entropy = 0;
  double attention_coverage = 0;
  ScheduledSampling scheduled_sampling;
  AveragingOptions averaging;
  config::OrAuto<Index> epochs = 10;
  Index max_updates = 0;     // 0: no limit except the epochs
  Index max_tokens = 0;      // target tokens with </s>; 0: no limit
  double max_minutes = 0;    // of training; 0: no limit
  Index validate_every = 0;  // updates between validations; 0: after each epoch
  Metric best_by = Metric::loss;
  config::Path warm_start;     // a checkpoint; parameters with the same name and shape are copied
  double explosion = 10;       // times ln V: a larger loss per word ends the training as failed; 0: never
  Index keep_checkpoints = 1;  // number of last validations
  Index patience = 0;  // validations without improvement that end the training; 0: never, unless epochs is auto
  std::optional<std::uint64_t> data_seed;  // of the order of the data; default: the run's seed

  // With `epochs: auto`, training ends after `patience` validations without improvement (kAutoPatience if it is 0), and at
  // the latest after kMostEpochs: no training of the experiments needed half of them.
  static constexpr Index kAutoPatience = 5;
  static constexpr Index kMostEpochs = 100;
  [[nodiscard]] Index most_epochs() const { return epochs.value_or(kMostEpochs); }
  [[nodiscard]] Index misses_allowed() const {
    return epochs.is_auto() && patience == 0 ? kAutoPatience : patience;
  }
};

[[nodiscard]] const config::OptionTable<TrainingOptions>& training_rows();

}  // namespace regard::training
