// The tensor face of the matrix-product seam (gemm.h).
#include "framework/tensor/gemm.h"
#include "framework/tensor/kernels.h"

namespace regard::kernels {
namespace {

void product(Transpose ta, Transpose tb, const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate) {
  const Index k = ta == Transpose::yes ? a.rows() : a.cols();
  gemm(c.type(), ta, tb, {c.rows(), c.cols(), k}, a.raw(), a.cols(), b.raw(), b.cols(), accumulate, c.raw(),
       c.cols());
}

void batched(Transpose ta, Transpose tb, const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate) {
  for (Index i = 0; i < c.shape()[0]; ++i) {
    const auto entry = [i](const Tensor& x) { return x.slice(i, 1).as({x.shape()[1], x.shape()[2]}); };
    product(ta, tb, entry(a), entry(b), entry(c), accumulate);
  }
}

}  // namespace

void matmul_nn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate) {
  product(Transpose::no, Transpose::no, a, b, c, accumulate);
}
void matmul_nt(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate) {
  product(Transpose::no, Transpose::yes, a, b, c, accumulate);
}
void matmul_tn(const Tensor& a, const Tensor& b, const Tensor& c, bool accumulate) {
  product(Transpose::yes, Transpose::no, a, b, c, accumulate);
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
