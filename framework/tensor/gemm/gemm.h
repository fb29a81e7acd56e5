#pragma once
// Matrix products, the one seam between regard and what computes them. C (+)= op(A) op(B), all row-major with a
// leading dimension (elements from one row to the next), op the identity or the transposition; C may not overlap A
// or B.
//
// Promise: the same bytes for any number of threads, whatever the backend. For Backend::own an element of C
// depends only on its row of A, its column of B, k and the kind of call, so also not on the rows beside it: a
// batch of N gives what N batches of one give. NaN and infinity go where arithmetic takes them. After a warm-up
// call of each kind `own` takes nothing from the heap. Any thread may call; inside a parallel_for a product runs
// in its thread.
#include <optional>
#include <string_view>

#include "framework/base/base.h"
#include "framework/tensor/dtype.h"

namespace regard {

enum class Transpose : bool { no, yes };

// How the operands of a product are taken; sums, C and everything else stay float32 (f64 knows float32 only, and
// ignores it).
//   float32     as they are
//   bfloat16x3  as the sum of two bfloat16, x = high + low: high high + high low + low high, relative error about
//   2^-16 bfloat16    rounded to bfloat16 (8 bits of mantissa), relative error about 2^-8
enum class Precision : std::uint8_t { float32, bfloat16x3, bfloat16 };

//   own     our kernels for each instruction set (framework/tensor/simd)
//   onednn  oneDNN, where the build found it; f64 and batches of small products go to `own`
//   eigen   Eigen as compiled for any processor: slow, and independent of our kernels
enum class Backend : std::uint8_t { own, onednn, eigen };

// The element type of A, B and C, and how products take it.
struct Arithmetic {
  DType dtype;
  Precision precision;
  constexpr Arithmetic(DType type, Precision of_products = Precision::float32)  // NOLINT: a DType alone is enough
      : dtype(type), precision(of_products) {}
};

// C is [m, n], op(A) [m, k], op(B) [k, n].
struct GemmShape {
  Index m, n, k;
};

void gemm(Arithmetic arithmetic, Transpose ta, Transpose tb, GemmShape shape, const void* a, Index lda,
          const void* b, Index ldb, bool accumulate, void* c, Index ldc);

// `count` products of one shape, small ones (attention over one sentence): operand i stands at its pointer + i *
// stride. One product is worked by one thread. Operands are taken as float32 or float64.
struct Batch {
  Index count, a_stride, b_stride, c_stride;
};
void gemm_batched(DType dtype, Transpose ta, Transpose tb, GemmShape shape, Batch batch, const void* a, Index lda,
                  const void* b, Index ldb, bool accumulate, void* c, Index ldc);

// op(B) [k, n], laid out for the kernels of the backend and instruction set in use: a parameter, packed once an
// update and used by many products. A view: the memory is the caller's, 64-byte aligned, and must outlive it. B
// itself is not kept.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  // Packs, by all threads. b is stored as [k, n], or as [n, k] with Transpose::yes.
  PackedMatrix(Arithmetic arithmetic, Transpose tb, Index k, Index n, const void* b, Index ldb, void* memory);

  // The bytes `memory` needs.
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

// C [m, n] (+)= A [m, k] B, or with `bias` [n] (then not accumulating) C = A B + bias in every row.
void gemm_packed(Index m, const void* a, Index lda, const PackedMatrix& b, bool accumulate, const void* bias,
                 void* c, Index ldc);

// The backend in use: `own`, or what the environment variable REGARD_GEMM names (own | onednn | eigen), or the one
// last set. ConfigError for an unknown name or a backend this build has not. Matrices packed before are to be
// packed again.
[[nodiscard]] Backend gemm_backend();
[[nodiscard]] Backend gemm_backend_named(std::string_view name);
void set_gemm_backend(Backend backend);
[[nodiscard]] bool is_available(Backend backend) noexcept;
[[nodiscard]] std::string_view name_of(Backend backend) noexcept;
[[nodiscard]] std::string_view name_of(Precision precision) noexcept;
[[nodiscard]] std::string_view name_of(Arithmetic arithmetic) noexcept;  // a precision's, or "float64"

// Whether products of this precision can be computed by the backend and instruction set in use (float32 always).
[[nodiscard]] bool supports(Precision precision);
// Nothing where it is also faster than float32 there; else one line that says why float32 is to be taken.
[[nodiscard]] std::optional<std::string_view> fallback_reason(Precision precision);

}  // namespace regard
