#pragma once
// A mask on the states that a recurrent product reads, W_h (m * h_{t-1}), the same at every step: dropout of
// recurrent states (Gal and Ghahramani 2016). The states themselves are not masked. Used by the recurrent ops.
// Without a mask every function does nothing.
#include "framework/autodiff/packed_rows.h"

namespace regard {

class StateMask {
 public:
  StateMask() = default;
  // mask [B, H], a constant, or empty; its rows are copied into packed order. ShapeError if it does not fit.
  StateMask(const char* op, Var mask, const PackedRows& packed, Index width);
  // The same for one step of B rows.
  StateMask(const char* op, Var mask, Index rows, Index width);

  // Returns memory for masked states: `states` itself without a mask, else new memory of its shape.
  [[nodiscard]] Tensor allocate(Tape& tape, const Tensor& states) const;
  // Writes the first rows of the mask times `states` to `masked`, the same rows of allocate(). Does nothing
  // without a mask.
  void apply(const Tensor& states, const Tensor& masked) const;
  // Computes d_states (+)= mask * (dz W_h).
  void backward(const Tensor& dz, Var W_h, const Tensor& d_states, bool accumulate, const Tensor& scratch) const;
  // Returns the temporary memory for backward(): [rows, H], or nothing.
  [[nodiscard]] Tensor scratch(Tape& tape) const;

 private:
  Tensor mask_;
};

}  // namespace regard
