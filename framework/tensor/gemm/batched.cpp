// Batches of small products, one thread each, nothing packed: A B' by dot products along k, A B and A' B by the
// panel kernels with B in place. (A' B' has no user; it goes through the packing product.)
#include <algorithm>

#include "framework/base/parallel.h"
#include "framework/tensor/gemm/backends.h"
#include "framework/tensor/simd/product/kernels.h"

namespace regard::gemm_detail {
namespace {

constexpr Index kWorkOfAThread = 1 << 18;  // multiply-adds below which another thread does not pay

template <class T>
void in_place(const Call& call, const simd::FloatKernels<T>& kernels, const T* a, const T* b, T* c) {
  const auto& product = kernels.product;
  const GemmShape& s = call.shape;
  const bool transposed = call.ta == Transpose::yes;
  const Index panels = (s.m + product.max_rows - 1) / product.max_rows;
  const Index wide = product.panel_columns;
  for (Index i = 0; i < panels; ++i) {
    const Index row = s.m * i / panels;
    const Index rows = s.m * (i + 1) / panels - row;
    const Index step = rows <= product.wide_rows ? 2 * wide : wide;
    for (Index j = 0; j < s.n; j += step) {
      simd::Panel<T, T> p{};
      p.rows = rows;
      p.columns = std::min(step, s.n - j);
      p.k = s.k;
      p.a = transposed ? a + row : a + row * call.lda;
      p.a_row = transposed ? 1 : call.lda;
      p.a_k = transposed ? call.lda : 1;
      p.b = b + j;
      p.b_k = call.ldb;
      p.b_next = wide;
      p.c = c + row * call.ldc + j;
      p.ldc = call.ldc;
      p.start = call.accumulate ? p.c : nullptr;
      p.start_row = call.ldc;
      product.panel(p);
    }
  }
}

template <class T>
void run(const Call& call, const Batch& batch, const simd::FloatKernels<T>& kernels) {
  const GemmShape& s = call.shape;
  const Index work = std::max<Index>(1, s.m * s.n * s.k);
  parallel_for(batch.count, std::max<Index>(1, kWorkOfAThread / work), [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const T* a = static_cast<const T*>(call.a) + i * batch.a_stride;
      const T* b = static_cast<const T*>(call.b) + i * batch.b_stride;
      T* c = static_cast<T*>(call.c) + i * batch.c_stride;
      if (call.tb == Transpose::no) {
        in_place(call, kernels, a, b, c);
      } else if (call.ta == Transpose::no) {
        kernels.dots({s.m, s.n, s.k, a, call.lda, b, call.ldb, call.accumulate, c, call.ldc});
      } else {
        Call one = call;
        one.a = a;
        one.b = b;
        one.c = c;
        own_gemm(one);
      }
    }
  });
}

}  // namespace

void own_batched(const Call& call, const Batch& batch) {
  const InstructionSet set = instruction_set();
  if (call.arithmetic.dtype == DType::f64) return run<double>(call, batch, *simd::f64_kernels(set));
  run<float>(call, batch, *simd::f32_kernels(set));
}

}  // namespace regard::gemm_detail
