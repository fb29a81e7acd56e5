//   y  = softmax(x) over the last axis          x [..., n] -> y [..., n]
//   dx = y * (dy - sum(dy * y))                 sum over the last axis
// With lengths, x is [B, T, S] and positions s >= lengths[b] are padding: y = 0, dx = 0, and x is not read there.
#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard {
namespace {

// Returns the number of valid columns of a row; all without lengths.
struct Widths {
  std::span<const Index> lengths;  // empty: all
  Index rows_each;                 // rows of one sentence
  Index cols;
  [[nodiscard]] Index operator()(Index row) const {
    return lengths.empty() ? cols : lengths[static_cast<std::size_t>(row / rows_each)];
  }
};

void softmax_forward(const Tensor& x, Widths widths, const Tensor& y) {
  const Index cols = widths.cols;
  for_rows({y, x}, 16 * cols, [=]<class T>(Index row, T* out, const T* in) {
    const Index width = widths(row);
    simd::softmax(simd::SoftmaxRows<T>{1, cols, &width, {in, cols}, {out, cols}});
  });
}

void softmax_backward(const Tensor& y, const Tensor& dy, Widths widths, const Tensor& dx, bool accumulate) {
  const Index cols = widths.cols;
  for_rows({dx, y, dy}, 4 * cols, [=]<class T>(Index row, T* out, const T* p, const T* g) {
    const Index width = widths(row);
    T dot = 0;
    for (Index i = 0; i < width; ++i) dot += g[i] * p[i];
    for (Index i = 0; i < width; ++i) out[i] = (accumulate ? out[i] : T{0}) + p[i] * (g[i] - dot);
    if (!accumulate) std::fill(out + width, out + cols, T{0});
  });
}

Var record_softmax(Var x, Widths widths) {
  Tape& tape = x.tape();
  const Tensor y = tape.tensor(x.shape());
  softmax_forward(x.value(), widths, y);
  return tape.record("softmax", y, Wrt{x, [x, y, widths](const Tensor& dy) {
                                         const auto [dx, accumulate] = x.grad_sink();
                                         softmax_backward(y, dy, widths, dx, accumulate);
                                       }});
}

}  // namespace

Var softmax(Var x) { return record_softmax(x, {{}, 1, x.shape().cols()}); }

Var softmax(Var x, std::span<const Index> lengths) {
  require_rank("softmax", "x", x, 3);
  require_lengths("softmax", lengths, x.shape()[0], x.shape()[2]);
  return record_softmax(x, {x.tape().copy(lengths), x.shape()[1], x.shape()[2]});
}

}  // namespace regard
