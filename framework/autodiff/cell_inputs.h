#pragma once
// What enters a recurrent cell at one step beside its state (CellInput in cells.h): summed where the gates are
// made, so that a step holds one array of gates and not one a summand.
//   z = gates[:, t] + the sum of x W^T over what is fed
//   dgates[:, t] += dz     dx += dz W     dW += dz^T x
#include "framework/autodiff/cells.h"

namespace regard {

// Throws ShapeError unless the step's gates are [rows, width] and the fed inputs fit them.
void require_cell_input(const char* op, const CellInput& input, Index rows, Index width);
// Sets z [rows, width] to the sum.
void sum_cell_input(const CellInput& input, const Tensor& z);
// Adds the gradients of the inputs, computed from dz. dz must not change until the tape's backward() ends.
void give_cell_input(const CellInput& input, const Tensor& dz);

}  // namespace regard
