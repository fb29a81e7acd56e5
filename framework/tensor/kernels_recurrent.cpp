#include "framework/tensor/kernels_recurrent.h"

#include <cmath>

#include "framework/tensor/elementwise.h"

namespace regard::kernels {
namespace {

template <class T>
T logistic(T x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

void lstm_forward(const Tensor& z, const Tensor& c_prev, const Tensor& c, const Tensor& h) {
  const Index H = c.cols();
  for_rows(z.type(), z.rows(), 32 * H,
           [=, pz = z.raw(), pc0 = c_prev.raw(), pc = c.raw(), ph = h.raw()](auto tag, Index row) {
             using T = decltype(tag);
             T* const i = static_cast<T*>(pz) + row * 4 * H;
             T* const f = i + H;
             T* const g = f + H;
             T* const o = g + H;
             const T* const before = static_cast<const T*>(pc0) + row * H;
             T* const cell = static_cast<T*>(pc) + row * H;
             T* const hidden = static_cast<T*>(ph) + row * H;
             for (Index u = 0; u < H; ++u) {
               i[u] = logistic(i[u]);
               f[u] = logistic(f[u]);
               g[u] = std::tanh(g[u]);
               o[u] = logistic(o[u]);
               cell[u] = f[u] * before[u] + i[u] * g[u];
               hidden[u] = o[u] * std::tanh(cell[u]);
             }
           });
}

void lstm_backward(const Tensor& z, const Tensor& c_prev, const Tensor& c, const Tensor& dh, const Tensor& dc,
                   const Tensor& dz, const Tensor& dc_prev) {
  const Index H = c.cols();
  for_rows(z.type(), z.rows(), 16 * H,
           [=, pz = z.raw(), pc0 = c_prev.raw(), pc = c.raw(), pdh = dh.raw(), pdc = dc.raw(), pdz = dz.raw(),
            pdc0 = dc_prev.raw()](auto tag, Index row) {
             using T = decltype(tag);
             const T* const gates = static_cast<const T*>(pz) + row * 4 * H;
             T* const d = static_cast<T*>(pdz) + row * 4 * H;
             const Index at = row * H;
             for (Index u = 0; u < H; ++u) {
               const T i = gates[u];
               const T f = gates[H + u];
               const T g = gates[2 * H + u];
               const T o = gates[3 * H + u];
               const T t = std::tanh(static_cast<const T*>(pc)[at + u]);
               const T h_grad = static_cast<const T*>(pdh)[at + u];
               const T c_grad = static_cast<const T*>(pdc)[at + u] + h_grad * o * (1 - t * t);
               d[u] = c_grad * g * i * (1 - i);
               d[H + u] = c_grad * static_cast<const T*>(pc0)[at + u] * f * (1 - f);
               d[2 * H + u] = c_grad * i * (1 - g * g);
               d[3 * H + u] = h_grad * t * o * (1 - o);
               static_cast<T*>(pdc0)[at + u] = c_grad * f;
             }
           });
}

}  // namespace regard::kernels
