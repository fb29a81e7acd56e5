#include "framework/autodiff/packed_weights.h"

namespace regard {

PackedMatrix pack_weight(const Tensor& W, Transpose transpose, Arithmetic arithmetic, Arena& memory) {
  const bool transposed = transpose == Transpose::yes;
  const Index k = transposed ? W.cols() : W.rows();
  const Index n = transposed ? W.rows() : W.cols();
  void* room = memory.allocate(static_cast<std::size_t>(PackedMatrix::bytes(arithmetic, k, n)));
  return {arithmetic, transpose, k, n, W.raw(), W.cols(), room};
}

PackedMatrix PackedWeights::get(const Tensor& W, Transpose transpose, Arithmetic arithmetic) {
  for (const Entry& entry : entries_) {
    if (entry.W == W.raw() && entry.transpose == transpose) return entry.packed;
  }
  entries_.push_back({W.raw(), transpose, pack_weight(W, transpose, arithmetic, memory_)});
  return entries_.back().packed;
}

void PackedWeights::clear() noexcept {
  entries_.clear();
  memory_.reset();
}

}  // namespace regard
