#include "framework/tensor/simd/vector_math.h"

#include <algorithm>
#include <cmath>

#include "framework/tensor/cpu.h"
#include "framework/tensor/simd/math_tables.h"

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
