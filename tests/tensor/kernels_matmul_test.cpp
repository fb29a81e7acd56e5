#include <algorithm>

#include "framework/tensor/kernels.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::Leaf;
using testing::values;

enum class Form { nn, nt, tn };
const std::vector<Form> kForms{Form::nn, Form::nt, Form::tn};

// The product of one matrix of the batch by the definition, element by element.
double product(Form form, const Tensor& a, const Tensor& b, Index batch, Index row, Index col, Index m, Index n,
               Index k) {
  double sum = 0;
  for (Index i = 0; i < k; ++i) {
    const Index at_a = batch * m * k + (form == Form::tn ? i * m + row : row * k + i);
    const Index at_b = batch * k * n + (form == Form::nt ? col * k + i : i * n + col);
    sum += a.at(at_a) * b.at(at_b);
  }
  return sum;
}

}  // namespace

TEST_CASE("kernels_matmul: products of tensors equal the definition in every form") {
  for (const auto& [B, m, n, k] : {std::array<Index, 4>{1, 1, 1, 1}, {1, 3, 5, 7}, {3, 2, 4, 1}, {2, 17, 9, 33}}) {
    for (const Form form : kForms) {
      const Leaf a(DType::f64, form == Form::tn ? Shape{B, k, m} : Shape{B, m, k}, 1);
      const Leaf b(DType::f64, form == Form::nt ? Shape{B, n, k} : Shape{B, k, n}, 2);
      std::vector<double> expected;
      for (Index i = 0; i < B * m * n; ++i) {
        expected.push_back(product(form, a.value(), b.value(), i / (m * n), i / n % m, i % n, m, n, k));
      }
      for (const bool accumulate : {false, true}) {
        const Leaf c(DType::f64, {B, m, n}, 3, 10, 10);
        const auto multiply = form == Form::nn   ? kernels::batched_nn
                              : form == Form::nt ? kernels::batched_nt
                                                 : kernels::batched_tn;
        std::vector<double> wanted = expected;
        for (double& v : wanted) v += accumulate ? 10 : 0;
        multiply(a.value(), b.value(), c.value(), accumulate);
        CHECK(differs(c.value(), wanted) == "");
        if (B != 1) continue;
        const Leaf single(DType::f64, {m, n}, 3, 10, 10);
        const auto one = form == Form::nn   ? kernels::matmul_nn
                         : form == Form::nt ? kernels::matmul_nt
                                            : kernels::matmul_tn;
        one(a.value().matrix(), b.value().matrix(), single.value(), accumulate, Precision::float32);
        CHECK(differs(single.value(), wanted) == "");
      }
    }
  }
}

TEST_CASE("kernels_matmul: an inner length of zero sets zeros or keeps the result") {
  const Leaf none(DType::f64, {0, 2}, 1);
  for (const bool accumulate : {false, true}) {
    const Leaf c({2, 2}, {5, 6, 7, 8});
    kernels::matmul_tn(none.value(), none.value(), c.value(), accumulate);
    CHECK(values(c.value()) == (accumulate ? std::vector<double>{5, 6, 7, 8} : std::vector<double>{0, 0, 0, 0}));
  }
}

}  // namespace regard
