#pragma once
// Dropout of one place of a model. The name of the place makes its masks differ from those of other places.
#include <string>

#include "framework/models/options.h"
#include "framework/nn/layers.h"

namespace regard::models {

class Dropout {
 public:
  enum class Kind : std::uint8_t {
    steps,     // units, with a new mask at each step (Srivastava et al. 2014)
    sequence,  // units, one mask for all steps of a sentence (Gal and Ghahramani 2016)
    words,     // whole steps: all units of a word or none (Sennrich et al. 2016)
  };
  Dropout(double rate, Kind kind, std::string place) : rate_(rate), kind_(kind), place_(std::move(place)) {}
  // Drops units, as the options say.
  Dropout(double rate, const DropoutOptions& options, std::string place)
      : Dropout(rate, options.variational ? Kind::sequence : Kind::steps, std::move(place)) {}

  // Returns x [B, T, n] with dropout, or x itself if not training. `first_step` is the number of its first step.
  // Kept units are divided by the probability of keeping.
  [[nodiscard]] Var operator()(const nn::Pass& pass, Var x, Index first_step = 0) const;

  // Returns a mask for all steps of B sentences [B, n], 0 or 1 / (1 - rate); empty if not training.
  [[nodiscard]] Var mask(const nn::Pass& pass, Index B, Index n) const;

 private:
  [[nodiscard]] bool drops(const nn::Pass& pass) const { return pass.training && rate_ > 0; }
  // Returns a mask of shape [B, T, n], made by dropout of ones.
  [[nodiscard]] Var mask_of(const nn::Pass& pass, Shape shape, Index first_step) const;

  double rate_;
  Kind kind_;
  std::string place_;
};

}  // namespace regard::models
