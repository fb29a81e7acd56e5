#include "framework/autodiff/products.h"

#include "framework/autodiff/packed_weights.h"
#include "framework/tensor/kernels.h"

namespace regard {
namespace {

// Only leaves are packed: their values do not change, while the memory of other values is reused. Other backends
// pack by themselves.
bool packs(Var W) {
  const Tape& tape = W.tape();
  return tape.packed_weights() != nullptr && gemm_backend() == Backend::own && tape.has_leaf(W, W.value());
}

std::optional<PackedMatrix> packed(Var W, Transpose transpose) {
  if (!packs(W)) return std::nullopt;
  return W.tape().packed_weights()->get(W.value(), transpose, W.tape().arithmetic());
}

// y = x op(W) + b
void multiply(const Tensor& x, Var W, Transpose transpose, const std::optional<PackedMatrix>& weight, Var b,
              const Tensor& y) {
  if (weight) {
    kernels::matmul_packed(x, *weight, b.empty() ? Tensor() : b.value(), y, false);
  } else {
    if (!b.empty()) kernels::fill_rows(b.value(), y);
    product(W.tape(), Transpose::no, x, transpose, W.value(), y, !b.empty());
  }
}

}  // namespace

void product(const Tape& tape, Transpose ta, const Tensor& a, Transpose tb, const Tensor& b, const Tensor& c,
             bool accumulate) {
  const Precision precision = tape.arithmetic().precision;
  if (ta == Transpose::yes) {
    check(tb == Transpose::no, "a product of two transposed operands has no user");
    kernels::matmul_tn(a, b, c, accumulate, precision);
  } else if (tb == Transpose::yes) {
    kernels::matmul_nt(a, b, c, accumulate, precision);
  } else {
    kernels::matmul_nn(a, b, c, accumulate, precision);
  }
}

void times_transposed(const Tensor& x, Var W, const Tensor& y, bool accumulate) {
  if (const auto weight = packed(W, Transpose::yes)) {
    kernels::matmul_packed(x, *weight, {}, y, accumulate);
  } else {
    product(W.tape(), Transpose::no, x, Transpose::yes, W.value(), y, accumulate);
  }
}

void times_transposed(const Tensor& x, Var W, Var b, const Tensor& y) {
  multiply(x, W, Transpose::yes, packed(W, Transpose::yes), b, y);
}

void times(const Tensor& dy, Var W, const Tensor& dx, bool accumulate) {
  if (const auto weight = packed(W, Transpose::no)) {
    kernels::matmul_packed(dy, *weight, {}, dx, accumulate);
  } else {
    product(W.tape(), Transpose::no, dy, Transpose::no, W.value(), dx, accumulate);
  }
}

OpWeight::OpWeight(Var W, Transpose transpose) : W_(W), transpose_(transpose) {
  Tape& tape = W.tape();
  if (!tape.recording()) {
    packed_ = packed(W, transpose);
  } else if (packs(W)) {
    const auto allocate = [&tape](std::size_t bytes) { return tape.allocate_scratch(bytes); };
    packed_ = pack_weight(W.value(), transpose, tape.arithmetic(), allocate);
  }
}

void OpWeight::times(const Tensor& x, Var b, const Tensor& y) const { multiply(x, W_, transpose_, packed_, b, y); }

void give_weight(const Tensor& dy, const Tensor& x, Var W) {
  if (!W.needs_grad()) return;
  const auto [dW, accumulate] = W.grad_sink();
  product(W.tape(), Transpose::yes, dy, Transpose::no, x, dW, accumulate);
}

void give_bias(const Tensor& dy, Var b) {
  if (!b.needs_grad()) return;
  const auto [db, accumulate] = b.grad_sink();
  kernels::sum_rows(dy, db, accumulate);
}

}  // namespace regard
