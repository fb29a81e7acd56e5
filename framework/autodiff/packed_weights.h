#pragma once
// Weights in the layout of the kernels (PackedMatrix). A weight is packed at its first product, and later products
// use it until clear(). The owner passes this object to its tapes, and clears it before the values of parameters
// change: the trainer after each pass, a search never. At most two forms of each matrix are kept, each as large as
// the matrix. One thread at a time.
#include <vector>

#include "framework/tensor/arena.h"
#include "framework/tensor/gemm/gemm.h"
#include "framework/tensor/tensor.h"

namespace regard {

// Packs W [n, k] as the right operand of x W^T (Transpose::yes) or of dy W (Transpose::no), into
// `allocate(bytes)`, which is aligned like an Arena's memory. W's own memory is not read again.
template <class Allocate>
[[nodiscard]] PackedMatrix pack_weight(const Tensor& W, Transpose transpose, Arithmetic arithmetic,
                                       Allocate allocate) {
  const bool transposed = transpose == Transpose::yes;
  const Index k = transposed ? W.cols() : W.rows();
  const Index n = transposed ? W.rows() : W.cols();
  void* const memory = allocate(static_cast<std::size_t>(PackedMatrix::bytes(arithmetic, k, n)));
  return {arithmetic, transpose, k, n, W.raw(), W.cols(), memory};
}

class PackedWeights {
 public:
  // The same; the packed matrix is kept until clear().
  [[nodiscard]] PackedMatrix get(const Tensor& W, Transpose transpose, Arithmetic arithmetic);
  // Drops all packed matrices; keeps the memory.
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
