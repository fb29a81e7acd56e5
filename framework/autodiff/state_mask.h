#pragma once
// A mask on the states that a recurrent product reads, W_h (m * h_{t-1}), the same at every step: dropout of
// recurrent states (Gal and Ghahramani 2016). The states themselves stay whole. For the recurrent ops; without a
// mask all of it is as if it were not there.
#include "framework/autodiff/packed_rows.h"

namespace regard {

class StateMask {
 public:
  StateMask() = default;
  // mask [B, H], a constant, or empty; its rows are put into packed order. ShapeError where it does not fit.
  StateMask(const char* op, Var mask, const PackedRows& packed, Index width);
  // The same for one step of B rows.
  StateMask(const char* op, Var mask, Index rows, Index width);

  // Where masked states go: `states` itself without a mask, else memory of that shape.
  [[nodiscard]] Tensor room(Tape& tape, const Tensor& states) const;
  // The first rows of the mask times `states`, into `masked`, the same rows of room(); nothing without a mask.
  void apply(const Tensor& states, const Tensor& masked) const;
  // d_states (+)= mask * (dz W_h)
  void give(const Tensor& dz, Var W_h, const Tensor& d_states, bool accumulate, const Tensor& scratch) const;
  // What give() needs beside: [rows, H] of memory, or nothing.
  [[nodiscard]] Tensor scratch(Tape& tape) const;

 private:
  Tensor mask_;
};

}  // namespace regard
