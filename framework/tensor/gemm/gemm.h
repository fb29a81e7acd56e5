#pragma once
// Matrix products: the only interface between regard and the backends that compute them.
//   C (+)= op(A) op(B)     op is the identity or the transposition
// All matrices are row-major with a leading dimension (elements from one row to the next). C may not overlap A or
// B.
//
// Promise: the same bytes for any number of threads, for every backend. For Backend::own an element of C depends
// only on its row of A, its column of B, k and the kind of call. It does not depend on other rows, so a batch of N
// gives the same bytes as N batches of one. NaN and infinity propagate. After a warm-up call of each kind `own`
// allocates nothing on the heap. Any thread may call; inside a parallel_for a product runs in the calling thread.
#include <optional>
#include <string_view>

#include "framework/base/base.h"
#include "framework/tensor/dtype.h"

namespace regard {

enum class Transpose : bool { no, yes };

// The precision of a product's operands, with its relative error. Sums, C and everything else stay float32. f64
// ignores it.
//   float32     unchanged
//   bfloat16x3  the sum of two bfloat16, x = high + low: high high + high low + low high; error about 2^-16
//   bfloat16    rounded to bfloat16 (8 bits of mantissa); error about 2^-8
enum class Precision : std::uint8_t { float32, bfloat16x3, bfloat16 };

// What computes a product.
//   own     our kernels for each instruction set (framework/tensor/simd)
//   onednn  oneDNN, if the build found it; f64 and batches of small products use `own`
//   eigen   Eigen compiled for any processor: slow, and independent of our kernels
enum class Backend : std::uint8_t { own, onednn, eigen };

// The element type of A, B and C, and the precision of products.
struct Arithmetic {
  DType dtype;
  Precision precision;
  constexpr Arithmetic(DType type, Precision of_products = Precision::float32)  // NOLINT: a DType alone is enough
      : dtype(type), precision(of_products) {}
};

// The sizes of a product: C is [m, n], op(A) [m, k], op(B) [k, n].
struct GemmShape {
  Index m, n, k;
};

// Computes C (+)= op(A) op(B); it adds to C with `accumulate`, and overwrites it otherwise.
void gemm(Arithmetic arithmetic, Transpose ta, Transpose tb, GemmShape shape, const void* a, Index lda,
          const void* b, Index ldb, bool accumulate, void* c, Index ldc);

// Computes `count` small products of one shape (attention over one sentence): operand i is at its pointer + i *
// stride. One thread computes each product. The precision is float32 or float64.
struct Batch {
  Index count, a_stride, b_stride, c_stride;
};
void gemm_batched(DType dtype, Transpose ta, Transpose tb, GemmShape shape, Batch batch, const void* a, Index lda,
                  const void* b, Index ldb, bool accumulate, void* c, Index ldc);

// A matrix op(B) [k, n] in the layout of the kernels of the backend and instruction set in use: a parameter,
// packed once for each update and used by many products. It is a view: the caller owns the memory, which is
// 64-byte aligned and must outlive it. B itself is not kept.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  // Packs, by all threads. b is stored as [k, n], or as [n, k] with Transpose::yes.
  PackedMatrix(Arithmetic arithmetic, Transpose tb, Index k, Index n, const void* b, Index ldb, void* memory);

  // Returns the number of bytes that `memory` needs.
  [[nodiscard]] static Index bytes(Arithmetic arithmetic, Index k, Index n);

  [[nodiscard]] Arithmetic arithmetic() const noexcept { return arithmetic_; }
  [[nodiscard]] Backend backend() const noexcept { return backend_; }
  [[nodiscard]] Index k() const noexcept { return k_; }
  [[nodiscard]] Index n() const noexcept { return n_; }
  [[nodiscard]] const void* memory() const noexcept { return memory_; }

 private:
  Arithmetic arithmetic_ = DType::f32;
  Backend backend_ = Backend::own;
  Index k_ = 0;
  Index n_ = 0;
  void* memory_ = nullptr;
};

// Computes C [m, n] (+)= A [m, k] B, or with `bias` [n] (then not accumulating) C = A B + bias in every row.
void gemm_packed(Index m, const void* a, Index lda, const PackedMatrix& b, bool accumulate, const void* bias,
                 void* c, Index ldc);

// Returns the backend in use: the one last set, or the one that the environment variable REGARD_GEMM names (own |
// onednn | eigen), or `own`. ConfigError for an unknown name or a backend that this build does not have. After a
// change, matrices must be packed again.
[[nodiscard]] Backend gemm_backend();
[[nodiscard]] Backend gemm_backend_named(std::string_view name);
void set_gemm_backend(Backend backend);
[[nodiscard]] bool is_available(Backend backend) noexcept;
[[nodiscard]] std::string_view name_of(Backend backend) noexcept;
[[nodiscard]] std::string_view name_of(Precision precision) noexcept;
[[nodiscard]] std::string_view name_of(Arithmetic arithmetic) noexcept;  // a precision's, or "float64"

// Returns whether the backend and instruction set in use can compute products of this precision (float32 always).
[[nodiscard]] bool supports(Precision precision);
// Returns nothing if this precision is faster than float32 here; else one line that says why float32 is used.
[[nodiscard]] std::optional<std::string_view> fallback_reason(Precision precision);

}  // namespace regard
