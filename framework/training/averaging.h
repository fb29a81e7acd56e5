#pragma once
// Computes averages of the parameters over the training. The averages are validated and kept as the best instead of the
// parameters; training continues from the parameters.
//   ema           a = d a + (1 - d) theta after each update, d = min(decay, (n - 1) / (n + 9)) at update n.
//                 The average starts with the parameters of the first update, whose weight soon becomes small (Polyak
//                 and Juditsky 1992; d increases as in TensorFlow's ExponentialMovingAverage).
//   checkpoints   the mean of the parameters at the last `count` validations, including this one
//                 (Junczys-Dowmunt et al. 2016; Vaswani et al. 2017, section 6.1).
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

// An optimiser that averages the parameters that another optimiser updates. Checkpoints have the state of both.
class Averaging final : public Optimizer {
 public:
  Averaging(OptimizerPtr optimizer, const nn::ParamStore& params, const AveragingOptions& options);

  void step(const Update& update) override;
  [[nodiscard]] std::vector<nn::NamedTensor> state() const override;

  // Replaces the parameters by their average and keeps the originals. `validations` is the number of validations
  // before this one. Does nothing for Kind::none.
  void begin(Index validations);
  // Restores the parameters. With `counts`, later averages include them as a checkpoint.
  void end(Index validations, bool counts);

 private:
  template <class F>
  void for_blocks(F f);  // calls f for each block, on all threads

  OptimizerPtr optimizer_;
  AveragingOptions options_;
  std::vector<Block> blocks_;
  std::deque<Moments> kept_;   // ema: the average; checkpoints: the last count - 1
  std::deque<Moments> aside_;  // the parameters, between begin() and end()
  DType type_;
};

}  // namespace regard::training
