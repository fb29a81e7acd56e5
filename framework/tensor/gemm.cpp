#include "framework/tensor/gemm.h"

#include <Eigen/Core>
namespace regard {
namespace {
template <class T>
using M = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using Map = Eigen::Map<const M<T>, 0, Eigen::OuterStride<>>;
}  // namespace
void gemm(DType type, Transpose ta, Transpose tb, GemmShape s, const void* a, Index lda, const void* b, Index ldb,
          bool accumulate, void* c, Index ldc) {
  dispatch(type, [&](auto tag) {
    using T = decltype(tag);
    const bool at = ta == Transpose::yes;
    const bool bt = tb == Transpose::yes;
    Map<T> A(static_cast<const T*>(a), at ? s.k : s.m, at ? s.m : s.k, Eigen::OuterStride<>(lda));
    Map<T> B(static_cast<const T*>(b), bt ? s.n : s.k, bt ? s.k : s.n, Eigen::OuterStride<>(ldb));
    Eigen::Map<M<T>, 0, Eigen::OuterStride<>> C(static_cast<T*>(c), s.m, s.n, Eigen::OuterStride<>(ldc));
    if (!accumulate) C.setZero();
    if (at && bt)
      C.noalias() += A.transpose() * B.transpose();
    else if (at)
      C.noalias() += A.transpose() * B;
    else if (bt)
      C.noalias() += A * B.transpose();
    else
      C.noalias() += A * B;
  });
}
}  // namespace regard
