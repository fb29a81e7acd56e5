#pragma once
#include <chrono>

#include "framework/training/state.h"

namespace regard::training {

// Measures seconds and tokens of this process. It is separate from the state, which has no measurements.
class TrainingClock final {
 public:
  explicit TrainingClock(const State& state, double before)
      : before_(before), first_tokens_(state.tokens), part_tokens_(state.tokens), first_update_(state.updates) {}

  void pause() { training_ += lap(); }
  // Ends a pause, which is not counted, and returns its length.
  double go_on() { return lap(); }

  [[nodiscard]] double seconds() const { return before_ + training_; }
  [[nodiscard]] double tokens_per_second(const State& state) const {
    return rate(state.tokens - first_tokens_, training_);
  }
  [[nodiscard]] double updates_per_second(const State& state) const {
    return rate(state.updates - first_update_, training_);
  }
  // Returns the speed since the last call.
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

}  // namespace regard::training
