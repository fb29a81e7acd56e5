//   y[i] = max(x[2 i], x[2 i + 1])      x [..., 2 n] -> y [..., n]      (Goodfellow et al. 2013, pieces of two)
//   dx of the larger of each pair is dy, of the other 0; of equal ones the first gets it
#include <fmt/format.h>

#include <cmath>

#include "framework/autodiff/ops.h"
#include "framework/tensor/elementwise.h"

namespace regard {
namespace {

// NaN wins in either place, so that it propagates.
template <class T>
bool second_wins(const T* pair) {
  return pair[0] < pair[1] || std::isnan(pair[1]);
}

}  // namespace

Var maxout(Var x) {
  const Index cols = x.shape().cols();
  if (cols % 2 != 0) {
    throw ShapeError(fmt::format("maxout: the last axis of x {} must be even", x.shape().text()));
  }
  Tape& tape = x.tape();
  const Tensor y = tape.tensor(x.shape().with_cols(cols / 2));
  const Index n = cols / 2;
  for_rows({y, x.value()}, n, [n]<class T>(Index, T* out, const T* pairs) {
    for (Index i = 0; i < n; ++i) out[i] = pairs[2 * i + (second_wins(pairs + 2 * i) ? 1 : 0)];
  });
  return tape.record("maxout", y,
                     Wrt{x, [x, n](const Tensor& dy) {
                           const auto [dx, add] = x.grad_sink();
                           for_rows({dx, dy, x.value()}, n,
                                    [n, accumulate = add]<class T>(Index, T* out, const T* g, const T* pairs) {
                                      for (Index i = 0; i < n; ++i) {
                                        const bool second = second_wins(pairs + 2 * i);
                                        const T first = second ? T{0} : g[i];
                                        const T other = second ? g[i] : T{0};
                                        out[2 * i] = accumulate ? out[2 * i] + first : first;
                                        out[2 * i + 1] = accumulate ? out[2 * i + 1] + other : other;
                                      }
                                    });
                         }});
}

}  // namespace regard
