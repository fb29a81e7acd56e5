// Products by Eigen: tiles of C of a fixed size, each over the whole of k in one thread.
#define EIGEN_DONT_PARALLELIZE
#include <algorithm>

#include <Eigen/Core>

#include "framework/base/parallel.h"
#include "framework/tensor/gemm/backends.h"

namespace regard::gemm_detail {
namespace {

constexpr Index kRows = 128;
constexpr Index kColumns = 256;

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using Input = Eigen::Map<const Matrix<T>, Eigen::Unaligned, Eigen::OuterStride<>>;
template <class T>
using Output = Eigen::Map<Matrix<T>, Eigen::Unaligned, Eigen::OuterStride<>>;

template <class T>
void run(const Call& call) {
  const auto [m, n, k] = call.shape;
  const T* a_data = static_cast<const T*>(call.a);
  const T* b_data = static_cast<const T*>(call.b);
  const bool ta = call.ta == Transpose::yes;
  const bool tb = call.tb == Transpose::yes;
  const Index row_tiles = (m + kRows - 1) / kRows;
  const Index column_tiles = (n + kColumns - 1) / kColumns;
  parallel_draw(
      row_tiles * column_tiles, [] {},
      [&, m = m, n = n, k = k](Index tile) {
        const Index i = tile % row_tiles * kRows;
        const Index j = tile / row_tiles * kColumns;
        const Index rows = std::min(kRows, m - i);
        const Index columns = std::min(kColumns, n - j);
        const Eigen::OuterStride<> lda(call.lda), ldb(call.ldb);
        const Input<T> a(ta ? a_data + i : a_data + i * call.lda, ta ? k : rows, ta ? rows : k, lda);
        const Input<T> b(tb ? b_data + j * call.ldb : b_data + j, tb ? columns : k, tb ? k : columns, ldb);
        Output<T> c(static_cast<T*>(call.c) + i * call.ldc + j, rows, columns, Eigen::OuterStride<>(call.ldc));
        if (call.bias != nullptr) {
          c.rowwise() =
              Input<T>(static_cast<const T*>(call.bias) + j, 1, columns, Eigen::OuterStride<>(columns)).row(0);
        } else if (!call.accumulate) {
          c.setZero();
        }
        if (ta && tb) {
          c.noalias() += a.transpose() * b.transpose();
        } else if (ta) {
          c.noalias() += a.transpose() * b;
        } else if (tb) {
          c.noalias() += a * b.transpose();
        } else {
          c.noalias() += a * b;
        }
      });
}

}  // namespace

void eigen_gemm(const Call& call) {
  if (call.arithmetic.dtype == DType::f64) return run<double>(call);
  run<float>(call);
}

}  // namespace regard::gemm_detail
