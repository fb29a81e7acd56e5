#include "framework/autodiff/packed_weights.h"

namespace regard {

PackedMatrix PackedWeights::get(const Tensor& W, Transpose transpose, Arithmetic arithmetic) {
  for (const Entry& entry : entries_) {
    if (entry.W == W.raw() && entry.transpose == transpose) return entry.packed;
  }
  const auto allocate = [this](std::size_t bytes) { return memory_.allocate(bytes); };
  entries_.push_back({W.raw(), transpose, pack_weight(W, transpose, arithmetic, allocate)});
  return entries_.back().packed;
}

void PackedWeights::clear() noexcept {
  entries_.clear();
  memory_.reset();
}

}  // namespace regard
