// alpha-entmax (Peters et al. 2019, section 3) for 1 < alpha <= 2; alpha = 2 is sparsemax:
//   y_s = max((alpha - 1) z_s - tau, 0)^(1 / (alpha - 1)), tau such that the y_s sum to 1
//   dz_s = g_s (dy_s - sum g dy / sum g),     g_s = y_s^(2 - alpha) where y_s > 0, else 0          (their eq. 14)
//   dalpha = sum_s dy_s ((y_s - p_s) / (alpha - 1)^2 + (k_s - p_s sum k) / (alpha - 1)),
//            p = g / sum g, k_s = -y_s ln y_s                               (Correia et al. 2019, proposition 2)
// z is [B, T, S]; positions s >= lengths[b] get 0 and are not read. The kinks lie where a position enters the
// support. tau is found by Newton's method, which rises to it, as the sum is convex in tau; in double for any type.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"

namespace regard {
namespace {

constexpr int kMostSteps = 60;  // a few are enough; for alpha near 1 some more

// u^r; the common exponents need no pow().
double power(double u, double r) {
  if (r == 0) return 1;
  if (r == 1) return u;
  if (r == 0.5) return std::sqrt(u);
  return std::pow(u, r);
}

template <class F>
void entmax_row(const F* z, double alpha, Index n, F* y) {
  const double slope = alpha - 1;
  const double r = 1 / slope;
  const double largest =
      static_cast<double>(*std::max_element(z, z + n));  // taken off: large energies lose no digits
  const auto x = [&](Index s) { return slope * (static_cast<double>(z[s]) - largest); };
  double tau = -1;  // the largest x is 0, so the sum is at least 1 here
  for (int step = 0; step < kMostSteps; ++step) {
    double sum = 0, derivative = 0;
    for (Index s = 0; s < n; ++s) {
      const double u = x(s) - tau;
      if (u <= 0) continue;
      const double p = power(u, r - 1);
      derivative += r * p;
      sum += u * p;
    }
    const double next = tau + (sum - 1) / derivative;
    if (!(next > tau)) break;
    tau = next;
  }
  double sum = 0;
  for (Index s = 0; s < n; ++s) sum += power(std::max(x(s) - tau, 0.0), r);
  for (Index s = 0; s < n; ++s) y[s] = static_cast<F>(power(std::max(x(s) - tau, 0.0), r) / sum);
}

}  // namespace

Var entmax(Var z, Var alpha, std::span<const Index> lengths) {
  require_rank("entmax", "z", z, 3);
  require_shape("entmax", "alpha", alpha, Shape{1}, "one number");
  require_lengths("entmax", lengths, z.shape()[0], z.shape()[2]);
  const double a = alpha.value().at(0);
  if (a <= 1 || a > 2) throw ShapeError(fmt::format("entmax: alpha is {}, and must be in (1, 2]", a));
  Tape& tape = z.tape();
  const Tensor y = tape.tensor(z.shape());
  const Index T = z.shape()[1];
  const Index S = z.shape()[2];
  const std::span<const Index> own = tape.copy(lengths);
  for_rows({y, z.value()}, 256 * S, [=]<class F>(Index row, F* out, const F* in) {
    const Index n = own[static_cast<std::size_t>(row / T)];
    entmax_row(in, a, n, out);
    std::fill(out + n, out + S, F{0});
  });
  return tape.record(
      "entmax", y,
      Wrt{z,
          [=](const Tensor& dy) {
            const auto [dz, accumulate] = z.grad_sink();
            for_rows(
                {dz, y, dy}, 32 * S, [=, add = accumulate]<class F>(Index, F* din, const F* out, const F* dout) {
                  const auto share = [&](Index s) {
                    return out[s] > 0 ? power(static_cast<double>(out[s]), 2 - a) : 0.0;
                  };
                  double sum = 0, weighted = 0;
                  for (Index s = 0; s < S; ++s) {
                    if (out[s] <= 0) continue;
                    sum += share(s);
                    weighted += share(s) * static_cast<double>(dout[s]);
                  }
                  for (Index s = 0; s < S; ++s) {
                    const double x = out[s] > 0 ? share(s) * (static_cast<double>(dout[s]) - weighted / sum) : 0;
                    din[s] = static_cast<F>(add ? static_cast<double>(din[s]) + x : x);
                  }
                });
          }},
      Wrt{alpha, [=](const Tensor& dy) {
            // One number: a row's part each, then their sum in order.
            const auto parts = alpha.tape().allocate_span<double>(dy.rows());
            for_rows({y, dy}, 64 * S, [=]<class F>(Index row, const F* out, const F* dout) {
              double shares = 0, entropy = 0;
              for (Index s = 0; s < S; ++s) {
                const auto q = static_cast<double>(out[s]);
                if (q <= 0) continue;
                shares += power(q, 2 - a);
                entropy -= q * std::log(q);
              }
              double part = 0;
              for (Index s = 0; s < S; ++s) {
                const auto q = static_cast<double>(out[s]);
                if (q <= 0) continue;
                const double share = power(q, 2 - a) / shares;
                part += static_cast<double>(dout[s]) *
                        ((q - share) / ((a - 1) * (a - 1)) + (-q * std::log(q) - share * entropy) / (a - 1));
              }
              parts[static_cast<std::size_t>(row)] = part;
            });
            double sum = 0;
            for (const double part : parts) sum += part;
            const Tensor dalpha = alpha.grad();
            dalpha.set(0, dalpha.at(0) + sum);
          }});
}

}  // namespace regard
