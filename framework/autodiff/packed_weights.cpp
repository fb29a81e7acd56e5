#include "framework/autodiff/packed_weights.h"

namespace regard {

PackedMatrix PackedWeights::get(const Tensor& W, Transpose transpose, Arithmetic arithmetic) {
  for (const Entry& entry : entries_) {
    if (entry.W == W.raw() && entry.transpose == transpose) return entry.packed;
  }
  const bool transposed = transpose == Transpose::yes;
  const Index k = transposed ? W.cols() : W.rows();
  const Index n = transposed ? W.rows() : W.cols();
  void* memory = memory_.allocate(static_cast<std::size_t>(PackedMatrix::bytes(arithmetic, k, n)));
  entries_.push_back({W.raw(), transpose, PackedMatrix(arithmetic, transpose, k, n, W.raw(), W.cols(), memory)});
  return entries_.back().packed;
}

void PackedWeights::clear() noexcept {
  entries_.clear();
  memory_.reset();
}

}  // namespace regard
