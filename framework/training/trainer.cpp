#include "framework/training/trainer.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "framework/base/stage.h"
#include "framework/training/checkpoint.h"

namespace regard::training {

// Seconds and tokens of this process, apart from the state because they are measurements.
class Trainer::Clock {
 public:
  explicit Clock(const State& state, double before)
      : before_(before), first_tokens_(state.tokens), part_tokens_(state.tokens), first_update_(state.updates) {}

  void pause() { training_ += lap(); }
  // Leaves out what happened since the pause, and returns how long it was.
  double go_on() { return lap(); }

  [[nodiscard]] double seconds() const { return before_ + training_; }
  [[nodiscard]] double tokens_per_second(const State& state) const {
    return rate(state.tokens - first_tokens_, training_);
  }
  [[nodiscard]] double updates_per_second(const State& state) const {
    return rate(state.updates - first_update_, training_);
  }
  // Since this was asked the last time.
  [[nodiscard]] double tokens_per_second_of_part(const State& state) {
    const double result = rate(state.tokens - part_tokens_, training_ - part_begin_);
    part_tokens_ = state.tokens;
    part_begin_ = training_;
    return result;
  }

 private:
  using Steady = std::chrono::steady_clock;
  static double rate(Index count, double seconds) {
    return seconds > 0 ? static_cast<double>(count) / seconds : 0;
  }
  double lap() {
    const auto now = Steady::now();
    const double seconds = std::chrono::duration<double>(now - mark_).count();
    mark_ = now;
    return seconds;
  }

  Steady::time_point mark_ = Steady::now();
  double before_;
  double training_ = 0;
  double part_begin_ = 0;
  Index first_tokens_;
  Index part_tokens_;
  Index first_update_;
};

namespace {

// Without the sign that a NaN may have.
const char* word_for(double number) { return std::isnan(number) ? "nan" : "inf"; }

}  // namespace

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

const char* name_of(Stopped stopped) noexcept {
  switch (stopped) {
    case Stopped::epochs:
      return "epochs";
    case Stopped::updates:
      return "updates";
    case Stopped::tokens:
      return "tokens";
    case Stopped::minutes:
      return "minutes";
    case Stopped::patience:
      return "patience";
    case Stopped::interrupted:
      return "interrupted";
  }
  return "";
}

Trainer::Trainer(models::Seq2Seq& model, const data::Dataset& train, const TrainingOptions& options,
                 std::uint64_t seed, std::filesystem::path checkpoints, Hooks hooks,
                 std::span<const data::Alignment> alignments)
    : model_(model),
      train_(train),
      options_(options),
      identity_{.seed = seed,
                .data_seed = options.data_seed.value_or(seed),
                .optimizer = options.optimizer.name,
                .batch_tokens = options.batch.tokens,
                .batch_sentences = options.batch.sentences,
                .accumulate = options.accumulate,
                .pairs = train.size(),
                .target_tokens = train.target.tokens(),
                .best_by = name_of(options.best_by)},
      checkpoints_(std::move(checkpoints)),
      hooks_(std::move(hooks)),
      alignments_(alignments),
      optimizer_(make_optimizer(options.optimizer, model.params()), model.params(), options.averaging),
      schedule_(make_schedule(options.schedule)),
      norm_(model.params()),
      dropout_(seed, "dropout"),
      tape_(model.arithmetic(), Tape::Mode::record, &weights_) {
  check(static_cast<bool>(hooks_.validate), "a training needs a validation");
  check(train.size() > 0, "a training needs data");
  check(options.guided_alignment == 0 || !alignments.empty(), "guided alignment needs alignments");
}

void Trainer::resume(const std::filesystem::path& file, double seconds) {
  seconds_before_ = seconds;
  const auto load = [&](const std::filesystem::path& from) {
    state_ = load_training(from, model_.params(), optimizer_, identity_);
  };
  try {
    load(file);
  } catch (const CheckpointError& damaged) {
    const std::filesystem::path previous = file.parent_path() / kPrevious;
    if (!std::filesystem::exists(previous)) throw;
    try {
      load(previous);
    } catch (const CheckpointError&) {
      throw CheckpointError(damaged.what());
    }
    if (hooks_.warn) hooks_.warn(fmt::format("{}; training goes on from {}", damaged.what(), previous.string()));
  }
  last_save_ = state_.updates;
  if (options_.max_minutes == 0 || seconds_before_ < 60 * options_.max_minutes) {  // more time than it had
    state_.time_is_up = false;
    for (State& before : state_.before_extra) before.time_is_up = false;
  }
  if (state_.last_validation == state_.updates) keep();  // a kill may have come between the two
  forget_extra_validation();
}

void Trainer::forget_extra_validation() {
  const bool goes_on = state_.before_extra.empty() ? !over() : !over(state_.before_extra.front());
  if (!goes_on) return;
  const Index end = state_.updates;
  const bool was_extra = !state_.before_extra.empty();
  if (was_extra) state_ = State(state_.before_extra.front());
  if (checkpoints_.empty()) return;
  std::error_code failed;
  // A kill may have come after the best of an extra validation was written and before the state that says so.
  if (std::filesystem::exists(checkpoints_ / kBestBefore)) {
    std::filesystem::rename(checkpoints_ / kBestBefore, checkpoints_ / kBest, failed);
  } else if (!state_.best) {
    std::filesystem::remove(checkpoints_ / kBest, failed);
  }
  if (was_extra) std::filesystem::remove(checkpoints_ / kept_name(end), failed);
}

std::optional<Stopped> Trainer::over(const State& state) const {
  if (options_.patience > 0 && state.misses_in_row >= options_.patience) return Stopped::patience;
  if (options_.max_updates > 0 && state.updates >= options_.max_updates) return Stopped::updates;
  if (options_.max_tokens > 0 && state.tokens >= options_.max_tokens) return Stopped::tokens;
  if (state.time_is_up) return Stopped::minutes;
  if (state.epochs >= options_.epochs) return Stopped::epochs;
  return std::nullopt;
}

double Trainer::learning_rate() const {
  const Index epoch = state_.position == 0 ? state_.epochs : state_.epochs + 1;
  return options_.learning_rate *
         schedule_->factor({.update = state_.updates, .epoch = epoch, .misses = state_.misses});
}

Outcome Trainer::run() {
  Clock clock(state_, seconds_before_);
  while (!over()) {
    data::TrainingEpoch epoch(train_, options_.batch, identity_.data_seed, state_.epochs);
    epoch.reserve(batch_);
    check(state_.position < epoch.size(), "a checkpoint stands within its epoch");
    while (state_.position < epoch.size()) {
      step(epoch);
      clock.pause();
      if (hooks_.progress) hooks_.progress(progress(clock, epoch.size()));
      const bool end_of_epoch = state_.position == epoch.size();
      if (end_of_epoch) {
        ++state_.epochs;
        state_.position = 0;
      }
      state_.time_is_up = options_.max_minutes > 0 && clock.seconds() >= 60 * options_.max_minutes;
      const bool due = options_.validate_every > 0 ? state_.updates % options_.validate_every == 0 : end_of_epoch;
      if (due || over()) validate(clock, !due);
      const auto end = over();
      const bool told = !end && hooks_.stop && hooks_.stop();
      if (told && last_save_ != state_.updates) save();
      if (told) return {Stopped::interrupted, state_};
      if (end || end_of_epoch) break;
      clock.go_on();
    }
    clock.go_on();
  }
  std::error_code gone_already;
  if (!checkpoints_.empty()) std::filesystem::remove(checkpoints_ / kPrevious, gone_already);
  return {*over(), state_};
}

void Trainer::step(data::TrainingEpoch& epoch) {
  nn::ParamStore& params = model_.params();
  params.begin_update();
  ++state_.updates;
  const Index end = std::min(epoch.size(), state_.position + options_.accumulate);
  // What the whole update is divided by, so that several batches give what one of all their sentences would.
  Index count = 0;
  for (Index b = state_.position; b < end; ++b) {
    for (const Index sentence : epoch[b]) {
      count += options_.normalise == Normalise::sentence ? 1 : epoch.target_length(sentence) + 1;
    }
  }
  const models::Objective objective{.smoothing = options_.label_smoothing,
                                    .gold_words = options_.scheduled_sampling.gold_words(state_.updates),
                                    .alignment_weight = options_.guided_alignment,
                                    .alignments = alignments_,
                                    .lines = train_.lines};
  for (; state_.position < end; ++state_.position) {
    state_.running.loss += accumulate(epoch, state_.position, objective, count);
    state_.running.tokens += batch_.target_tokens;
    state_.tokens += batch_.target_tokens;
  }
  const double norm = norm_();
  require_finite_gradients(norm);
  optimizer_.step({state_.updates, learning_rate(), clip_scale(norm, options_.clip_norm)});
  weights_.clear();
  state_.running.gradient_norm += norm;
  ++state_.running.updates;
}

double Trainer::accumulate(data::TrainingEpoch& epoch, Index b, const models::Objective& objective, Index count) {
  epoch.fill(epoch[b], batch_);
  tape_.reset();
  const nn::Pass pass{tape_, true, dropout_.with(state_.updates), batch_.sentences};
  const Var loss = model_.loss(pass, batch_, objective);
  const double value = loss.value().at(0);
  require_finite(value);
  require_no_explosion(value);
  tape_.backward(scale(loss, 1 / static_cast<double>(count)));
  model_.params().finish_backward(tape_);
  return value;
}

void Trainer::require_finite(double loss) const {
  if (std::isfinite(loss)) return;
  const std::string parameter = first_non_finite_value(model_.params());
  throw NonFiniteError(
      fmt::format("step {}: loss is {}; first non-finite value came from {}; {}", state_.updates, word_for(loss),
                  parameter.empty() ? tape_.first_non_finite() : "parameter " + parameter, circumstances()));
}

void Trainer::require_no_explosion(double loss) const {
  if (options_.explosion == 0) return;
  const double a_word = loss / static_cast<double>(batch_.target_tokens);
  const double guessing = std::log(static_cast<double>(model_.target_vocabulary()));
  if (a_word <= options_.explosion * guessing) return;
  throw NonFiniteError(
      fmt::format("step {}: the loss has exploded to {:.4g} nats a word, and guessing costs {:.4g}; {}",
                  state_.updates, a_word, guessing, circumstances()));
}

void Trainer::require_finite_gradients(double norm) const {
  if (std::isfinite(norm)) return;
  throw NonFiniteError(
      fmt::format("step {}: the gradients' norm is {}; first non-finite gradient is that of {}; {}",
                  state_.updates, word_for(norm), first_non_finite_gradient(model_.params()), circumstances()));
}

std::string Trainer::circumstances() const {
  constexpr Index kShown = 8;
  std::string lines;
  for (Index b = 0; b < std::min(batch_.B, kShown); ++b) {
    const auto pair = static_cast<std::size_t>(batch_.sentences[static_cast<std::size_t>(b)]);
    lines += fmt::format("{}{}", b == 0 ? "" : ", ", train_.lines[pair] + 1);
  }
  if (batch_.B > kShown) lines += fmt::format(" and {} more", batch_.B - kShown);
  const std::string checkpoint = last_save_ == 0
                                     ? "there is no checkpoint yet"
                                     : fmt::format("the last checkpoint is that of step {}", last_save_);
  return fmt::format("the batch has lines {}; {}", lines, checkpoint);
}

void Trainer::validate(Clock& clock, bool extra) {
  clock.pause();
  const Index before = state_.validations;
  optimizer_.begin(before);
  const Validation now = [this] {
    const Stage stage("valid");
    return hooks_.validate(model_);
  }();
  const double validation_seconds = clock.go_on();
  if (!std::isfinite(now.loss)) {
    throw NonFiniteError(
        fmt::format("step {}: the loss of the validation is {}", state_.updates, word_for(now.loss)));
  }
  const bool by_loss = options_.best_by == Metric::loss;
  const std::optional<double> score = options_.best_by == Metric::bleu ? now.bleu : now.chrf;
  check(by_loss || score.has_value(), "the best by BLEU or chrF needs a validation with it");
  const double metric = by_loss ? now.loss : *score;
  const Running& running = state_.running;
  HistoryRecord record{.epoch = state_.position == 0 ? state_.epochs : state_.epochs + 1,
                       .update = state_.updates,
                       .tokens = state_.tokens,
                       .learning_rate = learning_rate(),
                       .train_loss = running.loss / static_cast<double>(running.tokens),
                       .gradient_norm = running.gradient_norm / static_cast<double>(running.updates),
                       .valid_loss = now.loss,
                       .valid_bleu = now.bleu,
                       .best = !state_.best || (by_loss ? metric < *state_.best : metric > *state_.best)};
  if (extra) state_.before_extra = {State(state_)};
  state_.running = {};
  ++state_.validations;
  state_.last_validation = state_.updates;
  if (record.best) {
    state_.best = metric;
    state_.best_epoch = record.epoch;
    state_.best_update = record.update;
    state_.misses_in_row = 0;
    const std::filesystem::path best = checkpoints_ / kBest;
    if (!checkpoints_.empty()) {
      const Stage stage("save");
      if (extra && state_.before_extra.front().best) link_checkpoint(best, kBestBefore);
      save_parameters(best, model_.params());
    }
  } else {
    ++state_.misses;
    ++state_.misses_in_row;
  }
  optimizer_.end(before, !extra);
  if (hooks_.validated) {
    hooks_.validated(record, {.epoch = record.epoch,
                              .update = record.update,
                              .seconds = clock.seconds(),
                              .tokens_per_second = clock.tokens_per_second_of_part(state_),
                              .validation_seconds = validation_seconds});
  }
  save();
  keep();
}

void Trainer::keep() {
  if (checkpoints_.empty() || options_.keep_checkpoints <= 1) return;
  link_checkpoint(checkpoints_ / kLast, kept_name(state_.updates));
  prune_kept(checkpoints_, options_.keep_checkpoints);
}

void Trainer::save() {
  if (checkpoints_.empty()) return;
  const Stage stage("save");
  save_training(checkpoints_ / kLast, model_.params(), optimizer_, identity_, state_);
  last_save_ = state_.updates;
}

Progress Trainer::progress(const Clock& clock, Index batches_an_epoch) const {
  const auto updates_of = [this](Index batches) {
    return (batches + options_.accumulate - 1) / options_.accumulate;
  };
  Index updates = state_.updates - updates_of(state_.position) +
                  updates_of(batches_an_epoch) * (options_.epochs - state_.epochs);
  if (options_.max_updates > 0) updates = std::min(updates, options_.max_updates);
  const double speed = clock.updates_per_second(state_);
  return {.epoch = state_.epochs + 1,
          .epochs = options_.epochs,
          .update = state_.updates,
          .updates = updates,
          .tokens = state_.tokens,
          .loss = state_.running.loss / static_cast<double>(state_.running.tokens),
          .tokens_per_second = clock.tokens_per_second(state_),
          .seconds_left = speed > 0 ? static_cast<double>(updates - state_.updates) / speed : 0};
}

}  // namespace regard::training
