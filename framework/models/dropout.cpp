#include "framework/models/dropout.h"

namespace regard::models {

Var Dropout::operator()(const nn::Pass& pass, Var x, Index first_step) const {
  if (!pass.training || rate_ == 0) return x;
  if (kind_ == Kind::steps) return pass.drop(x, rate_, place_, first_step);
  const bool words = kind_ == Kind::words;
  const Tensor ones = pass.tape.tensor({x.shape()[0], words ? x.shape()[1] : 1, words ? 1 : x.shape()[2]});
  nn::ones({}, ones);
  return mul(x, pass.drop(pass.tape.input(ones), rate_, place_, words ? first_step : 0));
}

}  // namespace regard::models
