#include "framework/training/options.h"

#include "framework/data/options.h"
#include "framework/training/optimizer.h"
#include "framework/training/schedule.h"

namespace regard::training {
namespace {

// `batch` is {sentences: 64} or {tokens: 512}; the given one defines the size of a batch.
config::Row<TrainingOptions> batch_row() {
  const auto as_value = [](const TrainingOptions& options) -> config::Value {
    data::BatchOptions written;
    if (options.batch.tokens > 0) written.tokens = options.batch.tokens;
    if (options.batch.sentences > 0) written.sentences = options.batch.sentences;
    written.window = options.batch.window;
    return {config::to_options(data::batch_rows(), written)};
  };
  config::OptionRow row{.name = "batch", .type = config::OptionRow::Type::section};
  row.meaning = "how large a batch is, by one of the two; 64 sentences unless given";
  row.inner = config::descriptions(data::batch_rows());
  row.default_value = {config::to_options(data::batch_rows(), data::BatchOptions{})};
  return {std::move(row),
          [](TrainingOptions& options, const config::Value& value) {
            const auto written = config::from_options(data::batch_rows(), std::get<config::Options>(value.data));
            options.batch = data::batch_size(written, TrainingOptions{}.batch, value.origin, "training.batch");
          },
          as_value};
}

// A registered kind whose default includes its own options, so that a resolved plan has all of them.
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
      tagged_row("optimizer", &TrainingOptions::optimizer, optimizers(), "how gradients become steps"),
      option("learning_rate", &TrainingOptions::learning_rate, above(0), "",
             "size of a step, before the schedule; too large diverges, too small wastes epochs"),
      option("attention_rate", &TrainingOptions::attention_rate, at_least(0), "",
             "what the learning rate is multiplied by for the parameters of the attention itself. Adam moves "
             "each number of a wide W_a as far as any other, so energies move by the product with both "
             "widths; less keeps the weights from hardening on the wrong words. 0: they stay as they began"),
      tagged_row("schedule", &TrainingOptions::schedule, schedules(), "how the learning rate changes"),
      option("clip_norm", &TrainingOptions::clip_norm, at_least(0), "",
             "longest gradient of all parameters together; longer ones are shortened to it. 0: no clipping"),
      batch_row(),
      option("accumulate", &TrainingOptions::accumulate, config::between(1, 10000), "batches",
             "whose gradients are added up to one update: the same "
             "as one batch of all of them, in the memory of one"),
      config::choice("normalise", &TrainingOptions::normalise,
                     {{"sentence", Normalise::sentence, "the mean over sentences"},
                      {"token", Normalise::token, "the mean over target words"}},
                     "what the loss of a batch is divided by; clip_norm reads against it"),
      option("label_smoothing", &TrainingOptions::label_smoothing, config::below(0, 1), "probability",
             "given to all words alike in training (Szegedy et al. 2016)"),
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
                      "the decoder reads some of its own words in training (Bengio et al. 2015)"),
      config::section("averaging", &TrainingOptions::averaging, averaging_rows(),
                      "means of the parameters over the training"),
      option("epochs", &TrainingOptions::epochs, at_least(1), "epochs", "passes over the training data"),
      option("max_updates", &TrainingOptions::max_updates, at_least(0), "updates",
             "end after so many; 0: no limit"),
      option("max_tokens", &TrainingOptions::max_tokens, at_least(0), "target tokens",
             "end with the update that reaches so many; 0: no limit"),
      option("max_minutes", &TrainingOptions::max_minutes, at_least(0), "minutes",
             "end after so much training time, so that the result depends on the machine; 0: no limit"),
      option("validate_every", &TrainingOptions::validate_every, at_least(0), "updates",
             "between validations; 0: after each epoch"),
      config::choice("best_by", &TrainingOptions::best_by,
                     {{"loss", Metric::loss, "the smallest validation loss"},
                      {"bleu", Metric::bleu, "the largest greedy BLEU on the validation set"},
                      {"chrf", Metric::chrf, "the largest greedy chrF on the validation set"}},
                     "which validation is the best, whose parameters are kept"),
      option("patience", &TrainingOptions::patience, at_least(0), "validations",
             "without improvement that end the training; 0: none do"),
      option(
          "warm_start", &TrainingOptions::warm_start,
          "a checkpoint to begin from: parameters that it has under the same name and in the same shape are taken "
          "over, and which ones stands in the log; empty: from first values"),
      option("explosion", &TrainingOptions::explosion, at_least(0), "times ln V",
             "a batch's loss a word above this ends the run as failed; ln V (V words in the vocabulary) is what "
             "guessing costs. 0: never"),
      option("keep_checkpoints", &TrainingOptions::keep_checkpoints, config::between(1, 1000), "validations",
             "whose checkpoints are kept beside the best one, the last ones; each is about three times the model"),
      option("data_seed", &TrainingOptions::data_seed, at_least(0), "",
             "of the order of the data; the run's seed unless given"),
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
  }
  return "";
}

}  // namespace regard::training
