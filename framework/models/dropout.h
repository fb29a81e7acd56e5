#pragma once
// Dropout of one place of a model: what is dropped there, and the place's name, by which masks differ.
#include <string>

#include "framework/nn/layers.h"

namespace regard::models {

class Dropout {
 public:
  enum class Kind : std::uint8_t {
    steps,     // units, each step with a mask of its own (Srivastava et al. 2014)
    sequence,  // units, one mask for all steps of a sentence (Gal and Ghahramani 2016)
    words,     // whole steps: all units of a word or none (Sennrich et al. 2016)
  };
  Dropout(double rate, Kind kind, std::string place) : rate_(rate), kind_(kind), place_(std::move(place)) {}

  // x [B, T, n], whose first step is number `first_step`; x itself unless training. What stays is divided by the
  // probability of staying.
  [[nodiscard]] Var operator()(const nn::Pass& pass, Var x, Index first_step = 0) const;

 private:
  double rate_;
  Kind kind_;
  std::string place_;
};

}  // namespace regard::models
