#include "framework/training/trainer.h"

#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/base/stage.h"
#include "framework/training/attention_rate.h"
#include "framework/training/checkpoint.h"
#include "framework/training/divergence.h"
#include "framework/training/training_clock.h"

namespace regard::training {

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
  model.params().set_rates("decoder/attention/", [&](const nn::Param& param) {
    return attention_rate(param.shape(), options.attention_rate);
  });
  check(static_cast<bool>(hooks_.validate), "a training needs a validation");
  check(train.size() > 0, "a training needs data");
  check(options.guided_alignment == 0 || !alignments.empty(), "guided alignment needs alignments");
}

std::optional<Stopped> Trainer::over(const State& state) const {
  const Index allowed = options_.misses_allowed();
  if (allowed > 0 && state.misses_in_row >= allowed) return Stopped::patience;
  if (options_.max_updates > 0 && state.updates >= options_.max_updates) return Stopped::updates;
  if (options_.max_tokens > 0 && state.tokens >= options_.max_tokens) return Stopped::tokens;
  if (state.time_is_up) return Stopped::minutes;
  if (state.epochs >= options_.most_epochs()) return Stopped::epochs;
  return std::nullopt;
}

double Trainer::learning_rate() const {
  const Index epoch = state_.position == 0 ? state_.epochs : state_.epochs + 1;
  return options_.learning_rate *
         schedule_->factor({.update = state_.updates, .epoch = epoch, .misses = state_.misses});
}

Outcome Trainer::run() {
  TrainingClock clock(state_, seconds_before_);
  while (!over()) {
    data::TrainingEpoch epoch(train_, options_.batch, identity_.data_seed, state_.epochs);
    epoch.reserve(batch_);
    check(state_.position < epoch.size(), "the position of a checkpoint is in its epoch");
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
  // The divisor of the whole update, so that several batches give the same update as one batch of all their sentences.
  Index count = 0;
  for (Index b = state_.position; b < end; ++b) {
    for (const Index sentence : epoch[b]) {
      count += options_.normalise == Normalise::sentence ? 1 : epoch.target_length(sentence) + 1;
    }
  }
  const models::Objective objective{.smoothing = options_.label_smoothing,
                                    .gold_words = options_.scheduled_sampling.gold_words(state_.updates),
                                    .attention = {.guided_alignment = options_.guided_alignment,
                                                  .entropy = options_.attention_entropy,
                                                  .coverage = options_.attention_coverage},
                                    .alignments = alignments_,
                                    .lines = train_.lines};
  for (; state_.position < end; ++state_.position) {
    state_.running.loss += accumulate(epoch, state_.position, objective, count);
    state_.running.tokens += batch_.target_tokens;
    state_.tokens += batch_.target_tokens;
  }
  const double norm = norm_();
  require_finite_gradients(norm, model_.params(), moment());
  optimizer_.step({state_.updates, learning_rate(), clip_scale(norm, options_.clip_norm)});
  state_.running.gradient_norm += norm;
  ++state_.running.updates;
}

double Trainer::accumulate(data::TrainingEpoch& epoch, Index b, const models::Objective& objective, Index count) {
  epoch.fill(epoch[b], batch_);
  tape_.reset();
  const nn::Pass pass{tape_, true, dropout_.with(state_.updates), batch_.sentences};
  const models::Losses losses = model_.losses(pass, batch_, objective);
  const double value = losses.total.value().at(0);
  require_finite_loss(value, model_.params(), tape_, moment());
  // Guessing is the limit for words only: a loss of attention, which adds to the total, is no sign of an explosion.
  require_no_explosion(losses.words.value().at(0) / static_cast<double>(batch_.target_tokens), options_.explosion,
                       model_.target_vocabulary(), moment());
  weights_.clear();  // backward reads other forms of them; one kind at a time needs half the memory
  note(losses);
  tape_.backward(scale(losses.total, 1 / static_cast<double>(count)));
  weights_.clear();
  model_.params().finish_backward(tape_);
  return value;
}

void Trainer::note(const models::Losses& losses) {
  const auto add = [](auto& sums, std::string_view name, double x) {
    auto found = sums.find(name);
    if (found == sums.end()) found = sums.emplace(name, 0).first;
    found->second += x;
  };
  for (const models::LossTerm& term : losses.terms)
    add(state_.running.terms, term.name, term.sum.empty() ? 0 : term.sum.value().at(0));
  for (const models::Watched& watched : losses.watched)
    add(state_.running.watched, watched.name, watched.mean * static_cast<double>(batch_.target_tokens));
}

Moment Trainer::moment() const { return {state_.updates, train_, batch_, last_save_}; }

void Trainer::validate(TrainingClock& clock, bool extra) {
  clock.pause();
  const Index before = state_.validations;
  optimizer_.begin(before);
  const Validation now = [this] {
    const Stage stage("valid");
    return hooks_.validate(model_);
  }();
  const double validation_seconds = clock.go_on();
  require_finite_validation(now.loss, state_.updates);
  const bool by_loss = options_.best_by == Metric::loss;
  const std::optional<double> score = options_.best_by == Metric::bleu ? now.bleu : now.selecting;
  check(by_loss || score.has_value(), "best_by needs a validation that computes its metric");
  const double metric = by_loss ? now.loss : *score;
  const Running& running = state_.running;
  HistoryEntry record{.epoch = state_.position == 0 ? state_.epochs : state_.epochs + 1,
                      .update = state_.updates,
                      .tokens = state_.tokens,
                      .learning_rate = learning_rate(),
                      .train_loss = running.loss / static_cast<double>(running.tokens),
                      .gradient_norm = running.gradient_norm / static_cast<double>(running.updates),
                      .valid_loss = now.loss,
                      .valid_perplexity = std::exp(now.loss),
                      .valid_bleu = now.bleu.value_or(0),
                      .best = !state_.best || (by_loss ? metric < *state_.best : metric > *state_.best)};
  for (const auto& [name, sum] : running.terms) record.losses[name] = sum / static_cast<double>(running.tokens);
  for (const auto& [name, sum] : running.watched) record.watched[name] = sum / static_cast<double>(running.tokens);
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

Progress Trainer::progress(const TrainingClock& clock, Index batches_an_epoch) const {
  const auto updates_of = [this](Index batches) {
    return (batches + options_.accumulate - 1) / options_.accumulate;
  };
  Index updates = state_.updates - updates_of(state_.position) +
                  updates_of(batches_an_epoch) * (options_.most_epochs() - state_.epochs);
  if (options_.max_updates > 0) updates = std::min(updates, options_.max_updates);
  const double speed = clock.updates_per_second(state_);
  return {.epoch = state_.epochs + 1,
          .epochs = options_.epochs.value_or(0),
          .update = state_.updates,
          .updates = updates,
          .tokens = state_.tokens,
          .loss = state_.running.loss / static_cast<double>(state_.running.tokens),
          .tokens_per_second = clock.tokens_per_second(state_),
          .seconds_left = speed > 0 ? static_cast<double>(updates - state_.updates) / speed : 0};
}

}  // namespace regard::training
