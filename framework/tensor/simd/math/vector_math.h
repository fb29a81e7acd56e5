#pragma once
// Functions over spans of numbers, for float and double. float: vector kernels of the instruction set in use
// (framework/tensor/cpu.h), one thread, no heap memory. double: the standard library, one element at a time.
//
// An element's result does not depend on its position in a span or on its neighbours. NaN gives NaN. Sums (dot,
// sum_of_squares, softmax, layer_norm, energies) add in an order that depends on the length only, by sixteen lanes
// (vectors/lanes.inl). So float results, except for the bits of a NaN, are the same for avx2 and all sets above it. An output may be an input, element for element; other overlaps are not allowed.
//
// Largest errors for float, in units of the last place of the result, over all floats
// (tests/tensor/simd_vector_math_test):
//   exp 1.1 (denormal results too; beyond the largest float infinity)   tanh 1.3   sigmoid 2.3
#include "framework/base/base.h"

namespace regard::simd {

void exp(Index n, const float* x, float* y);
void exp(Index n, const double* x, double* y);
void tanh(Index n, const float* x, float* y);
void tanh(Index n, const double* x, double* y);
// 1 / (1 + e^-x)
void sigmoid(Index n, const float* x, float* y);
void sigmoid(Index n, const double* x, double* y);

// y += a x
void axpy(Index n, float a, const float* x, float* y);
void axpy(Index n, double a, const double* x, double* y);
[[nodiscard]] float dot(Index n, const float* x, const float* y);
[[nodiscard]] double dot(Index n, const double* x, const double* y);
// Squares and adds in double for every element type.
[[nodiscard]] double sum_of_squares(Index n, const float* x);
[[nodiscard]] double sum_of_squares(Index n, const double* x);

// Rows of a matrix: row i from data + i * ld.
template <class T>
struct Rows {
  T* data;
  Index ld;
};

// y = softmax(x) over the first lengths[i] of `columns` (all where lengths is null; at least 1), 0 beyond.
template <class T>
struct SoftmaxRows {
  Index rows, columns;
  const Index* lengths;
  Rows<const T> x;
  Rows<T> y;
};
void softmax(const SoftmaxRows<float>& s);
void softmax(const SoftmaxRows<double>& s);

// dx = y (dy - sum(dy y)) over the whole row: where y is 0, as beyond a length, dx is 0.
template <class T>
struct SoftmaxGradient {
  Index rows, columns;
  Rows<const T> y, dy;
  Rows<T> dx;
};
void softmax_backward(const SoftmaxGradient<float>& s);
void softmax_backward(const SoftmaxGradient<double>& s);

// The gates of an LSTM for a block of rows (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al.
// 2000; PyTorch's order i, f, g, o, each `hidden` wide):
//   i, f, o = sigmoid(z)   g = tanh(z)   c = f c_prev + i g   h = o tanh(c)
// `gates` has z on entry and the activated gates on return. c may be c_prev.
template <class T>
struct LstmForward {
  Index rows, hidden;
  Rows<T> gates;
  Rows<const T> c_prev;
  Rows<T> c, h;
};
void lstm_forward(const LstmForward<float>& l);
void lstm_forward(const LstmForward<double>& l);

// Computes dz (may be `gates`) and dc_prev (may be dc) from dh and dc, the gradients of h and c from outside.
template <class T>
struct LstmBackward {
  Index rows, hidden;
  Rows<const T> gates, c_prev, c, dh, dc;
  Rows<T> dz, dc_prev;
};
void lstm_backward(const LstmBackward<float>& l);
void lstm_backward(const LstmBackward<double>& l);

// The gates of a GRU for a block of rows, as PyTorch has them (Cho et al. 2014, with the reset gate after the
// recurrent product; order r, z, n, each `hidden` wide):
//   r, z = sigmoid(x + u)   n = tanh(x_n + r u_n)   h = (1 - z) n + z h_prev
// with x = W_x x_t + b_x and u = W_h h_prev + b_h. `gates` receives r, z, n and may be `x`.
template <class T>
struct GruForward {
  Index rows, hidden;
  Rows<const T> x, u, h_prev;
  Rows<T> gates, h;
};
void gru_forward(const GruForward<float>& g);
void gru_forward(const GruForward<double>& g);

// Computes dx (may be `gates`) and du (may be `u`) from dh. Adds dh z, the gradient that reaches h_prev directly,
// to dh_prev.
template <class T>
struct GruBackward {
  Index rows, hidden;
  Rows<const T> gates, u, h_prev, dh;
  Rows<T> dx, du, dh_prev;
};
void gru_backward(const GruBackward<float>& g);
void gru_backward(const GruBackward<double>& g);

// Layer normalisation of rows (Ba et al. 2016, section 3): y = gain (x - mean) scale + bias, with scale = 1 /
// sqrt(variance + epsilon), both over the row. Writes mean and scale, one number for each row.
template <class T>
struct LayerNorm {
  Index rows, columns;
  Rows<const T> x;
  const T* gain;
  const T* bias;
  T epsilon;
  Rows<T> y;
  T* mean;
  T* scale;
};
void layer_norm(const LayerNorm<float>& l);
void layer_norm(const LayerNorm<double>& l);

// With x^ = (x - mean) scale and g = gain dy:   dx = scale (g - mean(g) - x^ mean(g x^)), added to where
// `accumulate`.
template <class T>
struct LayerNormInput {
  Index rows, columns;
  Rows<const T> x;
  const T* gain;
  const T* mean;
  const T* scale;
  Rows<const T> dy;
  Rows<T> dx;
  bool accumulate;
};
void layer_norm_input(const LayerNormInput<float>& l);
void layer_norm_input(const LayerNormInput<double>& l);

// Adds the sums over the rows: d_gain += dy x^, d_bias += dy.
template <class T>
struct LayerNormWeights {
  Index rows, columns;
  Rows<const T> x;
  const T* mean;
  const T* scale;
  Rows<const T> dy;
  T* d_gain;
  T* d_bias;
};
void layer_norm_weights(const LayerNormWeights<float>& l);
void layer_norm_weights(const LayerNormWeights<double>& l);

// Inverted dropout of one row: y = (word(i) < threshold ? 0 : x factor), or added to y. word(i) is number i of the
// blocks philox(key, block + i / 4 | stream << 64), as framework/base/random.h maps a Key (its pair()) to words.
template <class T>
struct Dropout {
  Index n;
  const T* x;
  T* y;
  std::uint64_t key, stream, block;
  std::uint32_t threshold;
  T factor;
  bool accumulate;
};
void dropout(const Dropout<float>& d);
void dropout(const Dropout<double>& d);

// Additive energies of one sentence (Bahdanau et al. 2015): e[t, s] = sum_a v[a] tanh(q[t, a] + k[s, a]) for t in
// [0, T), s in [0, S), a in [0, A).
template <class T>
struct AdditiveEnergies {
  Index queries, keys, width;  // T, S, A
  Rows<const T> q, k;
  const T* v;
  Rows<T> e;
};
void additive_energies(const AdditiveEnergies<float>& x);
void additive_energies(const AdditiveEnergies<double>& x);

// Adds the gradients of q, k and v, computed from de; computes the tanh again.
template <class T>
struct AdditiveGradient {
  Index queries, keys, width;
  Rows<const T> q, k;
  const T* v;
  Rows<const T> de;
  Rows<T> dq, dk;
  T* dv;
};
void additive_energies_backward(const AdditiveGradient<float>& x);
void additive_energies_backward(const AdditiveGradient<double>& x);

// One update of Adam (Kingma and Ba 2015, algorithm 1) over a span, update t = 1, 2, …:
//   g' = gradient_scale g;  m = beta1 m + (1 - beta1) g';  v = beta2 v + (1 - beta2) g'^2
//   p -= rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
// given as step = rate / (1 - beta1^t) and root = 1 / sqrt(1 - beta2^t). With clear, g becomes 0 in the same pass.
template <class T>
struct AdamUpdate {
  Index n;
  T* parameter;
  T* gradient;
  T* m;
  T* v;
  T gradient_scale, beta1, beta2, epsilon, step, root;
  bool clear;
};
void adam(const AdamUpdate<float>& u);
void adam(const AdamUpdate<double>& u);

}  // namespace regard::simd
