#include "framework/tensor/simd/math/vector_math.h"

#include <algorithm>
#include <cmath>

#include "framework/base/random.h"
#include "framework/tensor/cpu.h"
#include "framework/tensor/simd/math/tables.h"

namespace regard::simd {
namespace {

const MathKernels& kernels() {
#if defined(__x86_64__)
  const InstructionSet set = instruction_set();
  if (set >= InstructionSet::avx512) return kMathAvx512;
  if (set == InstructionSet::avx2) return kMathAvx2;
#endif
  return kMathBaseline;
}

double logistic(double x) {
  const double e = std::exp(-std::abs(x));
  return (x < 0 ? e : 1) / (1 + e);
}

}  // namespace

void exp(Index n, const float* x, float* y) { kernels().exp(n, x, y); }
void tanh(Index n, const float* x, float* y) { kernels().tanh(n, x, y); }
void sigmoid(Index n, const float* x, float* y) { kernels().sigmoid(n, x, y); }
void axpy(Index n, float a, const float* x, float* y) { kernels().axpy(n, a, x, y); }
float dot(Index n, const float* x, const float* y) { return kernels().dot(n, x, y); }
double sum_of_squares(Index n, const float* x) { return kernels().sum_of_squares(n, x); }
void softmax(const SoftmaxRows<float>& s) { kernels().softmax(s); }
void softmax_backward(const SoftmaxGradient<float>& s) { kernels().softmax_backward(s); }
void lstm_forward(const LstmForward<float>& l) { kernels().lstm_forward(l); }
void lstm_backward(const LstmBackward<float>& l) { kernels().lstm_backward(l); }
void gru_forward(const GruForward<float>& g) { kernels().gru_forward(g); }
void gru_backward(const GruBackward<float>& g) { kernels().gru_backward(g); }
void layer_norm(const LayerNorm<float>& l) { kernels().layer_norm(l); }
void layer_norm_input(const LayerNormInput<float>& l) { kernels().layer_norm_input(l); }
void layer_norm_weights(const LayerNormWeights<float>& l) { kernels().layer_norm_weights(l); }
void dropout(const Dropout<float>& d) { kernels().dropout(d); }
void additive_energies(const AdditiveEnergies<float>& x) { kernels().additive_energies(x); }
void additive_energies_backward(const AdditiveGradient<float>& x) { kernels().additive_energies_backward(x); }
void adam(const AdamUpdate<float>& u) { kernels().adam(u); }

void exp(Index n, const double* x, double* y) {
  for (Index i = 0; i < n; ++i) y[i] = std::exp(x[i]);
}
void tanh(Index n, const double* x, double* y) {
  for (Index i = 0; i < n; ++i) y[i] = std::tanh(x[i]);
}
void sigmoid(Index n, const double* x, double* y) {
  for (Index i = 0; i < n; ++i) y[i] = logistic(x[i]);
}
void axpy(Index n, double a, const double* x, double* y) {
  for (Index i = 0; i < n; ++i) y[i] += a * x[i];
}
double dot(Index n, const double* x, const double* y) {
  double sum = 0;
  for (Index i = 0; i < n; ++i) sum += x[i] * y[i];
  return sum;
}
double sum_of_squares(Index n, const double* x) { return dot(n, x, x); }

void softmax(const SoftmaxRows<double>& s) {
  for (Index row = 0; row < s.rows; ++row) {
    const double* x = s.x.data + row * s.x.ld;
    double* y = s.y.data + row * s.y.ld;
    const Index n = s.lengths == nullptr ? s.columns : s.lengths[row];
    const double largest = *std::max_element(x, x + n);
    double sum = 0;
    for (Index i = 0; i < n; ++i) sum += y[i] = std::exp(x[i] - largest);
    for (Index i = 0; i < n; ++i) y[i] /= sum;
    std::fill(y + n, y + s.columns, 0.0);
  }
}

void softmax_backward(const SoftmaxGradient<double>& s) {
  for (Index row = 0; row < s.rows; ++row) {
    const double* y = s.y.data + row * s.y.ld;
    const double* dy = s.dy.data + row * s.dy.ld;
    double* dx = s.dx.data + row * s.dx.ld;
    const double sum = dot(s.columns, y, dy);
    for (Index i = 0; i < s.columns; ++i) dx[i] = y[i] * (dy[i] - sum);
  }
}

void lstm_forward(const LstmForward<double>& l) {
  const Index hidden = l.hidden;
  for (Index row = 0; row < l.rows; ++row) {
    double* z = l.gates.data + row * l.gates.ld;
    sigmoid(2 * hidden, z, z);
    tanh(hidden, z + 2 * hidden, z + 2 * hidden);
    sigmoid(hidden, z + 3 * hidden, z + 3 * hidden);
    const double* c_prev = l.c_prev.data + row * l.c_prev.ld;
    double* c = l.c.data + row * l.c.ld;
    double* h = l.h.data + row * l.h.ld;
    for (Index u = 0; u < hidden; ++u) {
      c[u] = z[hidden + u] * c_prev[u] + z[u] * z[2 * hidden + u];
      h[u] = z[3 * hidden + u] * std::tanh(c[u]);
    }
  }
}

void lstm_backward(const LstmBackward<double>& l) {
  const Index hidden = l.hidden;
  for (Index row = 0; row < l.rows; ++row) {
    const double* gates = l.gates.data + row * l.gates.ld;
    double* dz = l.dz.data + row * l.dz.ld;
    for (Index u = 0; u < hidden; ++u) {
      const double i = gates[u], f = gates[hidden + u], g = gates[2 * hidden + u], o = gates[3 * hidden + u];
      const double squashed = std::tanh(l.c.data[row * l.c.ld + u]);
      const double to_h = l.dh.data[row * l.dh.ld + u];
      const double to_c = l.dc.data[row * l.dc.ld + u] + to_h * o * (1 - squashed * squashed);
      dz[u] = to_c * g * i * (1 - i);
      dz[hidden + u] = to_c * l.c_prev.data[row * l.c_prev.ld + u] * f * (1 - f);
      dz[2 * hidden + u] = to_c * i * (1 - g * g);
      dz[3 * hidden + u] = to_h * squashed * o * (1 - o);
      l.dc_prev.data[row * l.dc_prev.ld + u] = to_c * f;
    }
  }
}

void gru_forward(const GruForward<double>& g) {
  const Index hidden = g.hidden;
  for (Index row = 0; row < g.rows; ++row) {
    const double* x = g.x.data + row * g.x.ld;
    const double* u = g.u.data + row * g.u.ld;
    double* gates = g.gates.data + row * g.gates.ld;
    for (Index i = 0; i < hidden; ++i) {
      const double reset = logistic(x[i] + u[i]);
      const double keep = logistic(x[hidden + i] + u[hidden + i]);
      const double fresh = std::tanh(x[2 * hidden + i] + reset * u[2 * hidden + i]);
      gates[i] = reset;
      gates[hidden + i] = keep;
      gates[2 * hidden + i] = fresh;
      g.h.data[row * g.h.ld + i] = (1 - keep) * fresh + keep * g.h_prev.data[row * g.h_prev.ld + i];
    }
  }
}

void gru_backward(const GruBackward<double>& g) {
  const Index hidden = g.hidden;
  for (Index row = 0; row < g.rows; ++row) {
    const double* gates = g.gates.data + row * g.gates.ld;
    const double* u = g.u.data + row * g.u.ld;
    double* dx = g.dx.data + row * g.dx.ld;
    double* du = g.du.data + row * g.du.ld;
    for (Index i = 0; i < hidden; ++i) {
      const double reset = gates[i], keep = gates[hidden + i], fresh = gates[2 * hidden + i];
      const double to_h = g.dh.data[row * g.dh.ld + i];
      const double to_fresh = to_h * (1 - keep) * (1 - fresh * fresh);
      const double to_keep = to_h * (g.h_prev.data[row * g.h_prev.ld + i] - fresh) * keep * (1 - keep);
      const double to_reset = to_fresh * u[2 * hidden + i] * reset * (1 - reset);
      dx[i] = du[i] = to_reset;
      dx[hidden + i] = du[hidden + i] = to_keep;
      dx[2 * hidden + i] = to_fresh;
      du[2 * hidden + i] = to_fresh * reset;
      g.dh_prev.data[row * g.dh_prev.ld + i] += to_h * keep;
    }
  }
}

void layer_norm(const LayerNorm<double>& l) {
  const auto columns = static_cast<double>(l.columns);
  for (Index row = 0; row < l.rows; ++row) {
    const double* x = l.x.data + row * l.x.ld;
    double* y = l.y.data + row * l.y.ld;
    double mean = 0, variance = 0;
    for (Index i = 0; i < l.columns; ++i) mean += x[i];
    mean /= columns;
    for (Index i = 0; i < l.columns; ++i) variance += (x[i] - mean) * (x[i] - mean);
    const double scale = 1 / std::sqrt(variance / columns + l.epsilon);
    for (Index i = 0; i < l.columns; ++i) y[i] = l.gain[i] * ((x[i] - mean) * scale) + l.bias[i];
    l.mean[row] = mean;
    l.scale[row] = scale;
  }
}

void layer_norm_input(const LayerNormInput<double>& l) {
  const auto columns = static_cast<double>(l.columns);
  for (Index row = 0; row < l.rows; ++row) {
    const double* x = l.x.data + row * l.x.ld;
    const double* dy = l.dy.data + row * l.dy.ld;
    double* dx = l.dx.data + row * l.dx.ld;
    const auto normal = [&](Index i) { return (x[i] - l.mean[row]) * l.scale[row]; };
    double sum = 0, product = 0;
    for (Index i = 0; i < l.columns; ++i) {
      sum += l.gain[i] * dy[i];
      product += l.gain[i] * dy[i] * normal(i);
    }
    for (Index i = 0; i < l.columns; ++i) {
      const double d = l.scale[row] * (l.gain[i] * dy[i] - sum / columns - normal(i) * product / columns);
      dx[i] = l.accumulate ? dx[i] + d : d;
    }
  }
}

void layer_norm_weights(const LayerNormWeights<double>& l) {
  for (Index row = 0; row < l.rows; ++row) {
    const double* x = l.x.data + row * l.x.ld;
    const double* dy = l.dy.data + row * l.dy.ld;
    for (Index i = 0; i < l.columns; ++i) {
      l.d_gain[i] += dy[i] * (x[i] - l.mean[row]) * l.scale[row];
      l.d_bias[i] += dy[i];
    }
  }
}

void dropout(const Dropout<double>& d) {
  const auto low = [](std::uint64_t x) { return static_cast<std::uint32_t>(x); };
  const auto high = [](std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); };
  for (Index begin = 0; begin < d.n; begin += 4) {
    const std::uint64_t block = d.block + static_cast<std::uint64_t>(begin / 4);
    const auto words =
        philox4x32_10({low(block), high(block), low(d.stream), high(d.stream)}, {low(d.key), high(d.key)});
    for (Index i = begin; i < std::min(d.n, begin + 4); ++i) {
      const double kept = words[static_cast<std::size_t>(i - begin)] < d.threshold ? 0 : d.x[i] * d.factor;
      d.y[i] = d.accumulate ? d.y[i] + kept : kept;
    }
  }
}

void additive_energies(const AdditiveEnergies<double>& x) {
  for (Index t = 0; t < x.queries; ++t) {
    for (Index s = 0; s < x.keys; ++s) {
      double sum = 0;
      for (Index a = 0; a < x.width; ++a) {
        sum += x.v[a] * std::tanh(x.q.data[t * x.q.ld + a] + x.k.data[s * x.k.ld + a]);
      }
      x.e.data[t * x.e.ld + s] = sum;
    }
  }
}

void additive_energies_backward(const AdditiveGradient<double>& x) {
  for (Index t = 0; t < x.queries; ++t) {
    for (Index s = 0; s < x.keys; ++s) {
      const double de = x.de.data[t * x.de.ld + s];
      for (Index a = 0; a < x.width; ++a) {
        const double y = std::tanh(x.q.data[t * x.q.ld + a] + x.k.data[s * x.k.ld + a]);
        const double d = de * x.v[a] * (1 - y * y);
        x.dv[a] += de * y;
        x.dq.data[t * x.dq.ld + a] += d;
        x.dk.data[s * x.dk.ld + a] += d;
      }
    }
  }
}

void adam(const AdamUpdate<double>& u) {
  for (Index i = 0; i < u.n; ++i) {
    const double g = u.gradient_scale * u.gradient[i];
    u.m[i] = u.beta1 * u.m[i] + (1 - u.beta1) * g;
    u.v[i] = u.beta2 * u.v[i] + (1 - u.beta2) * g * g;
    u.parameter[i] -= u.step * u.m[i] / (std::sqrt(u.v[i]) * u.root + u.epsilon);
    if (u.clear) u.gradient[i] = 0;
  }
}

}  // namespace regard::simd
