#pragma once
// Weights in the layout that products want (PackedMatrix): packed when a product first asks, and used by all
// others until clear(). Whoever owns one gives it to the tapes that may use it, and clears it before values of
// parameters change: the trainer after each pass, a search never. At most two forms of a matrix are kept,
// each of its size. One thread at a time.
#include <vector>

#include "framework/tensor/arena.h"
#include "framework/tensor/gemm/gemm.h"
#include "framework/tensor/tensor.h"

namespace regard {

// W [n, k] as the right operand of x W^T (Transpose::yes) or of dy W (Transpose::no), in `room(bytes)`, aligned as
// an Arena's. W's own memory is not read again.
template <class Room>
[[nodiscard]] PackedMatrix pack_weight(const Tensor& W, Transpose transpose, Arithmetic arithmetic, Room room) {
  const bool transposed = transpose == Transpose::yes;
  const Index k = transposed ? W.cols() : W.rows();
  const Index n = transposed ? W.rows() : W.cols();
  void* const memory = room(static_cast<std::size_t>(PackedMatrix::bytes(arithmetic, k, n)));
  return {arithmetic, transpose, k, n, W.raw(), W.cols(), memory};
}

class PackedWeights {
 public:
  // The same, kept.
  [[nodiscard]] PackedMatrix get(const Tensor& W, Transpose transpose, Arithmetic arithmetic);
  // Forgets all; keeps the memory.
  void clear() noexcept;

  [[nodiscard]] std::size_t bytes_in_use() const { return memory_.bytes_in_use(); }

 private:
  struct Entry {
    const void* W = nullptr;
    Transpose transpose = Transpose::no;
    PackedMatrix packed;
  };
  std::vector<Entry> entries_;
  Arena memory_;
};

}  // namespace regard
