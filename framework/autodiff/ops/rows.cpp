//   embedding    y[i] = W[id_i]       dW[id_i] += dy[i], in the order of i
//   gather_rows  y[i] = x[row_i]      dx[row_i] += dy[i], over the first axis
#include <fmt/format.h>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/kernels.h"

namespace regard {

Var embedding(Var W, std::span<const Index> ids, Shape shape) {
  require_rank("embedding", "W", W, 2);
  if (shape.size() != static_cast<Index>(ids.size())) {
    throw ShapeError(fmt::format("embedding: {} ids for the shape {}", ids.size(), shape.text()));
  }
  require_range("embedding", "id", ids, 0, W.shape()[0]);
  Tape& tape = W.tape();
  shape.push_back(W.shape()[1]);
  const Tensor y = tape.tensor(shape);
  kernels::gather_rows(W.value(), ids, y);
  const auto kept = tape.copy(ids);
  return tape.record("embedding", y,
                     Wrt{W, [W, kept](const Tensor& dy) { kernels::scatter_add_rows(dy, kept, W.grad()); }});
}

Var gather_rows(Var x, std::span<const Index> rows) {
  require_range("gather_rows", "row", rows, 0, x.shape()[0]);
  Tape& tape = x.tape();
  const Index first = x.shape()[0];
  const Shape flat{first, first == 0 ? 0 : x.shape().size() / first};
  Shape shape{static_cast<Index>(rows.size())};
  for (int axis = 1; axis < x.shape().rank(); ++axis) shape.push_back(x.shape()[axis]);
  const Tensor y = tape.tensor(shape);
  const Shape flat_y{shape[0], flat[1]};
  kernels::gather_rows(x.value().as(flat), rows, y.as(flat_y));
  const auto kept = tape.copy(rows);
  return tape.record("gather_rows", y, Wrt{x, [x, kept, flat, flat_y](const Tensor& dy) {
                                             kernels::scatter_add_rows(dy.as(flat_y), kept, x.grad().as(flat));
                                           }});
}

}  // namespace regard
