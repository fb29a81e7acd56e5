// Matrix products of tensors, through gemm/gemm.h.
#include "framework/tensor/gemm/gemm.h"
#include "framework/tensor/kernels.h"

namespace regard::kernels {
namespace {

void product(Transpose ta, Transpose tb, const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate,
             Precision precision) {
  const Index k = ta == Transpose::yes ? a.rows() : a.cols();
  gemm({c.type(), precision}, ta, tb, {c.rows(), c.cols(), k}, a.raw(), a.cols(), b.raw(), b.cols(), accumulate,
       c.raw(), c.cols());
}

void batched(Transpose ta, Transpose tb, const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate) {
  const Index k = a.shape()[ta == Transpose::yes ? 1 : 2];
  const auto each = [](const Tensor& x) { return x.shape()[1] * x.shape()[2]; };
  gemm_batched(c.type(), ta, tb, {c.shape()[1], c.shape()[2], k}, {c.shape()[0], each(a), each(b), each(c)},
               a.raw(), a.shape()[2], b.raw(), b.shape()[2], accumulate, c.raw(), c.shape()[2]);
}

}  // namespace

void matmul_nn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate, Precision precision) {
  product(Transpose::no, Transpose::no, a, b, c, accumulate, precision);
}
void matmul_nt(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate, Precision precision) {
  product(Transpose::no, Transpose::yes, a, b, c, accumulate, precision);
}
void matmul_tn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate, Precision precision) {
  product(Transpose::yes, Transpose::no, a, b, c, accumulate, precision);
}
void matmul_packed(const Tensor& a, const PackedMatrix& b, const Tensor& bias, const Tensor& c, bool accumulate) {
  gemm_packed(c.rows(), a.raw(), a.cols(), b, accumulate, bias.empty() ? nullptr : bias.raw(), c.raw(), c.cols());
}
void batched_nn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate) {
  batched(Transpose::no, Transpose::no, a, b, c, accumulate);
}
void batched_nt(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate) {
  batched(Transpose::no, Transpose::yes, a, b, c, accumulate);
}
void batched_tn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate) {
  batched(Transpose::yes, Transpose::no, a, b, c, accumulate);
}

}  // namespace regard::kernels
