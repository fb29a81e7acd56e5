#pragma once
// The functions that each backend of gemm.h provides. Private to the tensor module. Callers have checked the
// shapes, which are not empty. A packed matrix of Eigen and oneDNN is op(B) as a plain row-major [k, n].
#include "framework/tensor/gemm/gemm.h"

namespace regard::gemm_detail {

// One product; `b` is a packed matrix where `packed`. start: null, or C itself (accumulate), or one row (bias).
struct Call {
  Arithmetic arithmetic;
  Transpose ta, tb;
  GemmShape shape;
  const void* a;
  Index lda;
  const void* b;
  Index ldb;
  bool packed;
  bool accumulate;
  const void* bias;
  void* c;
  Index ldc;
};

void own_gemm(const Call& call);
void own_batched(const Call& call, const Batch& batch);
[[nodiscard]] Index own_packed_bytes(Arithmetic arithmetic, Index k, Index n);
void own_pack(Arithmetic arithmetic, Transpose tb, Index k, Index n, const void* b, Index ldb, void* memory);

void eigen_gemm(const Call& call);

#if defined(REGARD_HAVE_ONEDNN)
void onednn_gemm(const Call& call);
#endif

}  // namespace regard::gemm_detail
