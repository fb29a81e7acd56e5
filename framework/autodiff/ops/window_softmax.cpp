//   y[r, s]  = exp(x[r, s]) / sum_s' exp(x[r, s'])     s, s' in begins[r] … ends[r] - 1; 0 elsewhere
//   dx[r, s] = y[r, s] (dy[r, s] - sum_s' dy[r, s'] y[r, s'])     in the window; 0 elsewhere
// A row is one of the last axis. Outside of its window x and dy are not read.
#include <fmt/format.h>

#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard {
namespace {

struct Windows {
  std::span<const Index> begins, ends;
  [[nodiscard]] Index begin(Index row) const { return begins[static_cast<std::size_t>(row)]; }
  [[nodiscard]] Index end(Index row) const { return ends[static_cast<std::size_t>(row)]; }
};

void require_windows(const Var& x, const Windows& windows) {
  const Index rows = x.shape().rows();
  const Index cols = x.shape().cols();
  if (static_cast<Index>(windows.begins.size()) != rows || static_cast<Index>(windows.ends.size()) != rows) {
    throw ShapeError(fmt::format("window_softmax: {} begins and {} ends for the {} rows of x {}",
                                 windows.begins.size(), windows.ends.size(), rows, x.shape().text()));
  }
  for (Index row = 0; row < rows; ++row) {
    if (windows.begin(row) < 0 || windows.begin(row) >= windows.end(row) || windows.end(row) > cols) {
      throw ShapeError(fmt::format("window_softmax: the window {} … {} of row {} must hold a position of 0 … {}",
                                   windows.begin(row), windows.end(row) - 1, row, cols - 1));
    }
  }
}

}  // namespace

Var window_softmax(Var x, std::span<const Index> begins, std::span<const Index> ends) {
  require_windows(x, {begins, ends});
  Tape& tape = x.tape();
  const Windows windows{tape.copy(begins), tape.copy(ends)};
  const Tensor y = tape.tensor(x.shape());
  const Index cols = x.shape().cols();
  for_rows({y, x.value()}, 16 * cols, [=]<class T>(Index row, T* out, const T* in) {
    const Index begin = windows.begin(row);
    const Index width = windows.end(row) - begin;
    std::fill(out, out + begin, T{0});
    std::fill(out + begin + width, out + cols, T{0});
    simd::softmax(simd::SoftmaxRows<T>{1, width, &width, {in + begin, cols}, {out + begin, cols}});
  });
  return tape.record("window_softmax", y,
                     Wrt{x, [=](const Tensor& dy) {
                           const auto [dx, accumulate] = x.grad_sink();
                           for_rows({dx, y, dy}, 4 * cols,
                                    [=, add = accumulate]<class T>(Index row, T* out, const T* p, const T* g) {
                                      if (!add) std::fill(out, out + cols, T{0});
                                      T dot = 0;
                                      for (Index s = windows.begin(row); s < windows.end(row); ++s)
                                        dot += g[s] * p[s];
                                      for (Index s = windows.begin(row); s < windows.end(row); ++s)
                                        out[s] += p[s] * (g[s] - dot);
                                    });
                         }});
}

}  // namespace regard
