// Products by oneDNN: tiles of C chosen from the shape alone, each one single-threaded dnnl_sgemm over the whole
// of k. That function has its kernels ready for any shape; primitives (matmul) would be compiled anew for each
// number of rows.
#include <omp.h>

#include <algorithm>
#include <atomic>

#include <oneapi/dnnl/dnnl.h>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/tensor/gemm/backends.h"

namespace regard::gemm_detail {
namespace {

constexpr Index kRows = 256;
constexpr Index kFewRows = 64;  // then tiles are narrower, so that there is one for each thread

// oneDNN takes the threads that OpenMP offers to the calling thread: one, for the time of a scope.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
  ~OneThread() { omp_set_num_threads(before_); }

 private:
  int before_;
};

}  // namespace

void onednn_gemm(const Call& call) {
  const auto [m, n, k] = call.shape;
  if (call.arithmetic.dtype == DType::f64 || k == 0) {
    // A packed matrix of this backend is plain.
    Call plain = call;
    plain.packed = false;
    return own_gemm(plain);
  }
  const Index width = m <= kFewRows ? 128 : 256;
  const Index row_tiles = (m + kRows - 1) / kRows;
  const Index column_tiles = (n + width - 1) / width;
  std::atomic<bool> failed = false;
  parallel_draw(
      row_tiles * column_tiles, [] {},
      [&, m = m, n = n, k = k](Index tile) {
        const OneThread one_thread;
        const Index i = tile % row_tiles * kRows;
        const Index j = tile / row_tiles * width;
        const Index rows = std::min(kRows, m - i);
        const Index columns = std::min(width, n - j);
        const bool ta = call.ta == Transpose::yes;
        const bool tb = call.tb == Transpose::yes;
        const float* a = static_cast<const float*>(call.a) + (ta ? i : i * call.lda);
        const float* b = static_cast<const float*>(call.b) + (tb ? j * call.ldb : j);
        float* c = static_cast<float*>(call.c) + i * call.ldc + j;
        if (call.bias != nullptr) {
          for (Index row = 0; row < rows; ++row) {
            std::copy_n(static_cast<const float*>(call.bias) + j, columns, c + row * call.ldc);
          }
        }
        const float beta = call.bias != nullptr || call.accumulate ? 1.0F : 0.0F;
        if (dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', rows, columns, k, 1.0F, a, call.lda, b, call.ldb, beta, c,
                       call.ldc) != dnnl_success) {
          failed = true;
        }
      });
  check(!failed, "gemm: oneDNN refused a product");
}

}  // namespace regard::gemm_detail
