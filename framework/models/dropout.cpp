#include "framework/models/dropout.h"

#include "framework/autodiff/ops.h"

namespace regard::models {

Var Dropout::operator()(const nn::Pass& pass, Var x, Index first_step) const {
  if (!drops(pass)) return x;
  const Shape shape = x.shape();
  switch (kind_) {
    case Kind::sequence:
      return mul(x, mask_of(pass, {shape[0], 1, shape[2]}, 0));
    case Kind::words:
      return mul(x, mask_of(pass, {shape[0], shape[1], 1}, first_step));
    case Kind::steps:
      break;
  }
  return pass.drop(x, rate_, place_, first_step);
}

Var Dropout::mask(const nn::Pass& pass, Index B, Index n) const {
  return drops(pass) ? reshape(mask_of(pass, {B, 1, n}, 0), {B, n}) : Var();
}

Var Dropout::mask_of(const nn::Pass& pass, Shape shape, Index first_step) const {
  const Tensor ones = pass.tape.tensor(shape);
  nn::ones({}, ones);
  return pass.drop(pass.tape.input(ones), rate_, place_, first_step);
}

}  // namespace regard::models
