#pragma once
#include "framework/tensor/dtype.h"
namespace regard {
enum class Transpose : bool { no, yes };
struct GemmShape {
  Index m, n, k;
};
// C [m, n] (+)= op(A) op(B); row-major with leading dimensions; f32 or f64.
void gemm(DType type, Transpose ta, Transpose tb, GemmShape shape, const void* a, Index lda, const void* b,
          Index ldb, bool accumulate, void* c, Index ldc);
}  // namespace regard
