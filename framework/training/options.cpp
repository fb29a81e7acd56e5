#include "framework/training/options.h"

#include <fmt/format.h>

#include "framework/data/options.h"
#include "framework/training/attention_rate.h"
#include "framework/training/optimizer.h"
#include "framework/training/schedule.h"

namespace regard::training {
namespace {

// Returns the row of `batch`: {sentences: 64} or {tokens: 512}.
config::Row<TrainingOptions> batch_row() {
  const auto as_value = [](const TrainingOptions& options) -> config::Value {
    data::BatchOptions written;
    if (options.batch.tokens > 0) written.tokens = options.batch.tokens;
    if (options.batch.sentences > 0) written.sentences = options.batch.sentences;
    written.window = options.batch.window;
    return {config::to_options(data::batch_rows(), written)};
  };
  config::OptionRow row{.name = "batch", .type = config::OptionRow::Type::section};
  row.meaning = "size of a batch, by one of the two; default: 64 sentences";
  row.inner = config::descriptions(data::batch_rows());
  row.default_value = {config::to_options(data::batch_rows(), data::BatchOptions{})};
  return {std::move(row),
          [](TrainingOptions& options, const config::Value& value) {
            const auto written = config::from_options(data::batch_rows(), std::get<config::Options>(value.data));
            options.batch = data::batch_size(written, TrainingOptions{}.batch, value.origin, "training.batch");
          },
          as_value};
}

// Returns the row of a registered kind. Its default has all options of the kind, so that a resolved plan has them.
template <class Entry>
config::Row<TrainingOptions> tagged_row(std::string name, config::Tagged TrainingOptions::*member,
                                        Registry<Entry>& registry, std::string meaning) {
  auto row =
      config::tagged(std::move(name), member, Entry::kind, config::choices_from(registry), std::move(meaning));
  auto& default_value = std::get<config::Tagged>(row.row.default_value.data);
  default_value.options = config::defaults(registry.at(default_value.name).options);
  return row;
}

}  // namespace

const config::OptionTable<TrainingOptions>& training_rows() {
  using config::above;
  using config::at_least;
  using config::option;
  static const config::OptionTable<TrainingOptions> rows = {
      tagged_row("optimizer", &TrainingOptions::optimizer, optimizers(), "how steps are computed from gradients"),
      option("learning_rate", &TrainingOptions::learning_rate, above(0), "",
             "size of a step, before the schedule; too large a rate diverges, too small a rate needs many epochs"),
      option(
          "attention_rate", &TrainingOptions::attention_rate, at_least(0), "",
          fmt::format(
              "factor of the learning rate for the parameters of the attention; auto: {0} divided by the number "
              "of a parameter's inputs, at most 1. Adam moves each number of a wide W_a as far as any other "
              "parameter, so energies change in proportion to its width, and the weights become hard before "
              "any word is aligned. 0: they keep their initial values",
              kAttentionInputs)),
      tagged_row("schedule", &TrainingOptions::schedule, schedules(), "how the learning rate changes"),
      option(
          "clip_norm", &TrainingOptions::clip_norm, at_least(0), "",
          "largest norm of the gradient of all parameters together; a larger one is scaled to it. 0: no clipping"),
      batch_row(),
      option("accumulate", &TrainingOptions::accumulate, config::between(1, 10000), "batches",
             "batches whose gradients are added for one update: the same "
             "as one batch of all their sentences, with the memory of one"),
      config::choice("normalise", &TrainingOptions::normalise,
                     {{"sentence", Normalise::sentence, "the mean over sentences"},
                      {"token", Normalise::token, "the mean over target words"}},
                     "divisor of the loss of a batch; clip_norm is applied after it"),
      option(
          "label_smoothing", &TrainingOptions::label_smoothing, config::below(0, 1), "probability",
          "share of the target probability that is given to all words equally in training (Szegedy et al. 2016)"),
      option("guided_alignment", &TrainingOptions::guided_alignment, at_least(0), "",
             "weight of the cross-entropy between attention and the corpus's word alignments (Chen et al. 2016); "
             "needs attention, a corpus with alignments and the tokenizer 'word'. 0: none"),
      option(
          "attention_entropy", &TrainingOptions::attention_entropy, at_least(0), "",
          "weight of the loss that is the entropy of the attention weights: the larger, the sharper they become. "
          "0: none"),
      option("attention_coverage", &TrainingOptions::attention_coverage, at_least(0), "",
             "weight of the loss for looking again at what the decoder has looked at before (See et al. 2017, eq. "
             "12, with weight 1, in a short training after the main one). 0: none"),
      config::section("scheduled_sampling", &TrainingOptions::scheduled_sampling, scheduled_sampling_rows(),
                      "lets the decoder read some of its own words in training (Bengio et al. 2015)"),
      config::section("averaging", &TrainingOptions::averaging, averaging_rows(),
                      "averages of the parameters over the training"),
      option(
          "epochs", &TrainingOptions::epochs, at_least(1), "epochs",
          fmt::format("passes over the training data; auto: until the validation has not improved for `patience` "
                      "validations ({} if that is 0), and at most {}",
                      TrainingOptions::kAutoPatience, TrainingOptions::kMostEpochs)),
      option("max_updates", &TrainingOptions::max_updates, at_least(0), "updates",
             "end after this number; 0: no limit"),
      option("max_tokens", &TrainingOptions::max_tokens, at_least(0), "target tokens",
             "end with the update that reaches this number; 0: no limit"),
      option("max_minutes", &TrainingOptions::max_minutes, at_least(0), "minutes",
             "end after this time of training; the result then depends on the machine; 0: no limit"),
      option("validate_every", &TrainingOptions::validate_every, at_least(0), "updates",
             "updates between validations; 0: after each epoch"),
      config::choice(
          "best_by", &TrainingOptions::best_by,
          {{"loss", Metric::loss, "the smallest validation loss"},
           {"bleu", Metric::bleu, "the largest greedy BLEU on the validation set"},
           {"chrf", Metric::chrf, "the largest greedy chrF on the validation set"},
           {"exact_match", Metric::exact_match, "the most validation lines that greedy search gets wholly right"}},
          "which validation is the best; its parameters are kept"),
      option(
          "patience", &TrainingOptions::patience, at_least(0), "validations",
          "number of validations without improvement after which training ends; 0: never, unless epochs is auto"),
      option("warm_start", &TrainingOptions::warm_start,
             "a checkpoint to start from: parameters with the same name and shape are copied, "
             "and the log lists them; empty: start from initial values"),
      option(
          "explosion", &TrainingOptions::explosion, at_least(0), "times ln V",
          "a batch with a larger loss per word ends the run as failed; ln V (V words in the vocabulary) is the loss of "
          "uniform guessing. 0: never"),
      option("keep_checkpoints", &TrainingOptions::keep_checkpoints, config::between(1, 1000), "validations",
             "number of last validations whose checkpoints are kept besides the best; each is about three times "
             "the model"),
      option("data_seed", &TrainingOptions::data_seed, at_least(0), "",
             "seed of the order of the data; default: the run's seed"),
  };
  return rows;
}

const char* name_of(Metric metric) noexcept {
  switch (metric) {
    case Metric::loss:
      return "loss";
    case Metric::bleu:
      return "bleu";
    case Metric::chrf:
      return "chrf";
    case Metric::exact_match:
      return "exact_match";
  }
  return "";
}

}  // namespace regard::training
