#include "framework/tensor/kernels_loss.h"

#include <cmath>

#include "framework/tensor/elementwise.h"

namespace regard::kernels {
namespace {

template <class T>
T largest_of(const T* x, Index n) {
  T largest = x[0];
  for (Index i = 1; i < n; ++i) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

}  // namespace

void softmax_cross_entropy(const Tensor& logits, std::span<const Index> targets, double smoothing, double* loss,
                           bool gradient) {
  const Index V = logits.cols();
  for_rows(logits.type(), logits.rows(), 16 * V, [=, to = logits.raw()](auto tag, Index row) {
    using T = decltype(tag);
    T* const x = static_cast<T*>(to) + row * V;
    const Index target = targets[static_cast<std::size_t>(row)];
    if (target < 0) {
      loss[row] = 0;
      if (gradient) std::fill(x, x + V, T{0});
      return;
    }
    const T largest = largest_of(x, V);
    const double at_target = static_cast<double>(x[target]);
    double mean = 0;
    if (smoothing != 0) {
      for (Index i = 0; i < V; ++i) mean += static_cast<double>(x[i]);
      mean /= static_cast<double>(V);
    }
    T total = 0;
    for (Index i = 0; i < V; ++i) {
      const T e = std::exp(x[i] - largest);
      if (gradient) x[i] = e;
      total += e;
    }
    loss[row] = static_cast<double>(largest) + std::log(static_cast<double>(total)) - (1 - smoothing) * at_target -
                smoothing * mean;
    if (gradient) {
      const T inverse = 1 / total;
      const T share = static_cast<T>(smoothing / static_cast<double>(V));
      for (Index i = 0; i < V; ++i) x[i] = x[i] * inverse - share;
      x[target] -= static_cast<T>(1 - smoothing);
    }
  });
}

void log_softmax(const Tensor& x, const Tensor& y) {
  const Index V = x.cols();
  for_rows(x.type(), x.rows(), 16 * V, [=, from = x.raw(), to = y.raw()](auto tag, Index row) {
    using T = decltype(tag);
    const T* const in = static_cast<const T*>(from) + row * V;
    T* const out = static_cast<T*>(to) + row * V;
    const T largest = largest_of(in, V);
    T total = 0;
    for (Index i = 0; i < V; ++i) total += std::exp(in[i] - largest);
    const T shift = largest + std::log(total);
    for (Index i = 0; i < V; ++i) out[i] = in[i] - shift;
  });
}

}  // namespace regard::kernels
