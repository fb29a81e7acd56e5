#pragma once
// Averages of the parameters over the training, which are validated and kept as the best in place of the
// parameters themselves; training goes on from the parameters.
//   ema           a = d a + (1 - d) theta after each update, d = min(decay, (n - 1) / (n + 9)) at update n: the
//   first
//                 update is the first average, and what the start was like is soon forgotten (Polyak and Juditsky
//                 1992; the ramp of TensorFlow's ExponentialMovingAverage)
//   checkpoints   the mean of the parameters at the last `count` validations, this one counted (Junczys-Dowmunt et
//                 al. 2016; Vaswani et al. 2017, section 6.1)
#include <deque>
#include <vector>

#include "framework/config/option_table.h"
#include "framework/training/gradients.h"
#include "framework/training/optimizer.h"

namespace regard::training {

struct AveragingOptions {
  enum class Kind : std::uint8_t { none, ema, checkpoints };
  Kind kind = Kind::none;
  double decay = 0.999;
  Index count = 5;

  friend bool operator==(const AveragingOptions&, const AveragingOptions&) = default;
};

[[nodiscard]] const config::OptionTable<AveragingOptions>& averaging_rows();

// An optimiser that averages what another one makes; what it remembers stands in checkpoints beside the other's.
class Averaging final : public Optimizer {
 public:
  Averaging(OptimizerPtr optimizer, const nn::ParamStore& params, const AveragingOptions& options);

  void step(const Update& update) override;
  [[nodiscard]] std::vector<nn::NamedTensor> state() const override;

  // Puts the average into the parameters and keeps these; `validations` is how many were before this one. With
  // kind none nothing changes.
  void begin(Index validations);
  // Puts the parameters back. With `counts` they are one of the checkpoints that later averages are made of.
  void end(Index validations, bool counts);

 private:
  template <class F>
  void for_blocks(F f);  // f(parameter's part, block), on all threads

  OptimizerPtr optimizer_;
  AveragingOptions options_;
  std::vector<Block> blocks_;
  std::deque<Moments> kept_;   // ema: the average; checkpoints: count - 1 of them, written in turn
  std::deque<Moments> aside_;  // the parameters, between begin() and end()
  DType type_;
};

}  // namespace regard::training
