#include "framework/models/target_rows.h"

#include "framework/autodiff/ops.h"

namespace regard::models {

std::span<const Index> target_rows(Tape& tape, const data::Batch& batch) {
  const auto rows = tape.allocate_span<Index>(batch.target_tokens);
  std::size_t at = 0;
  for (Index b = 0; b < batch.B; ++b) {
    for (Index t = 0; t < batch.target_lengths[static_cast<std::size_t>(b)]; ++t) rows[at++] = b * batch.T + t;
  }
  return rows;
}

Var at_rows(Var x, std::span<const Index> rows) {
  const Shape shape = x.shape();
  return gather_rows(reshape(x, {shape[0] * shape[1], shape[2]}), rows);
}

}  // namespace regard::models
