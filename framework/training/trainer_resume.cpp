// Saves a training in its folder, and resumes it from there.
#include <fmt/format.h>

#include "framework/base/stage.h"
#include "framework/training/checkpoint.h"
#include "framework/training/trainer.h"

namespace regard::training {

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
    if (hooks_.warn) hooks_.warn(fmt::format("{}; training resumes from {}", damaged.what(), previous.string()));
  }
  last_save_ = state_.updates;
  if (options_.max_minutes == 0 || seconds_before_ < 60 * options_.max_minutes) {  // there is time left
    state_.time_is_up = false;
    for (State& before : state_.before_extra) before.time_is_up = false;
  }
  if (state_.last_validation == state_.updates) keep();  // a kill may have come between save() and keep()
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
  // A kill may have come after an extra validation wrote its best checkpoint, but before its state was written.
  if (std::filesystem::exists(checkpoints_ / kBestBefore)) {
    std::filesystem::rename(checkpoints_ / kBestBefore, checkpoints_ / kBest, failed);
  } else if (!state_.best) {
    std::filesystem::remove(checkpoints_ / kBest, failed);
  }
  if (was_extra) std::filesystem::remove(checkpoints_ / checkpoint_name(end), failed);
}

void Trainer::keep() {
  if (checkpoints_.empty() || options_.keep_checkpoints <= 1) return;
  link_checkpoint(checkpoints_ / kLast, checkpoint_name(state_.updates));
  prune_checkpoints(checkpoints_, options_.keep_checkpoints);
}

void Trainer::save() {
  if (checkpoints_.empty()) return;
  const Stage stage("save");
  save_training(checkpoints_ / kLast, model_.params(), optimizer_, identity_, state_);
  last_save_ = state_.updates;
}

}  // namespace regard::training
