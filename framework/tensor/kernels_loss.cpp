#include "framework/tensor/kernels_loss.h"

#include <algorithm>
#include <cmath>

#include "framework/tensor/elementwise.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard::kernels {
namespace {

constexpr Index kLanes = 16;
// The number of elements that are processed at a time. They stay in the first-level cache between the passes.
constexpr Index kChunk = 1024;

// Lane i has the elements i, i + kLanes, …; the lanes are then combined in their order. This order is fixed, and the
// compiler can vectorise it.
template <class T, class Combine>
T in_lanes(Index n, const T* x, T start, Combine combine) {
  T lanes[kLanes];
  for (T& lane : lanes) lane = start;
  Index at = 0;
  for (; at + kLanes <= n; at += kLanes) {
    for (Index lane = 0; lane < kLanes; ++lane) lanes[lane] = combine(lanes[lane], x[at + lane]);
  }
  for (Index lane = 0; at < n; ++at, ++lane) lanes[lane] = combine(lanes[lane], x[at]);
  T all = lanes[0];
  for (Index lane = 1; lane < kLanes; ++lane) all = combine(all, lanes[lane]);
  return all;
}

// NaN is ignored here; it propagates through the exponentials.
template <class T>
T largest_of(const T* x, Index n) {
  return in_lanes(n, x, x[0], [](T a, T b) { return b > a ? b : a; });
}

template <class T>
T sum_of(const T* x, Index n) {
  return in_lanes(n, x, T{0}, [](T a, T b) { return a + b; });
}

// Computes y = exp(x - shift) and returns the sum. y may be x, or null if only the sum is needed.
template <class T>
T exponentials(const T* x, Index n, T shift, T* y) {
  T total = 0;
  T scratch[kChunk];
  for (Index begin = 0; begin < n; begin += kChunk) {
    const Index count = std::min(kChunk, n - begin);
    T* const to = y == nullptr ? scratch : y + begin;
    for (Index i = 0; i < count; ++i) to[i] = x[begin + i] - shift;
    simd::exp(count, to, to);
    total += sum_of(to, count);
  }
  return total;
}

template <class T>
double log_sum_exp_of(Index n, const T* x) {
  const T largest = largest_of(x, n);
  return static_cast<double>(largest) +
         std::log(static_cast<double>(exponentials(x, n, largest, static_cast<T*>(nullptr))));
}

}  // namespace

double log_sum_exp(Index n, const float* x) { return log_sum_exp_of(n, x); }
double log_sum_exp(Index n, const double* x) { return log_sum_exp_of(n, x); }

void softmax_cross_entropy(const Tensor& logits, std::span<const Index> targets, double smoothing, double* loss,
                           bool gradient) {
  const Index V = logits.cols();
  for_rows({logits}, 16 * V, [=]<class T>(Index row, T* x) {
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
    const T total = exponentials(x, V, largest, gradient ? x : nullptr);
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
  for_rows({y, x}, 16 * V, [V]<class T>(Index, T* out, const T* in) {
    const T shift = static_cast<T>(log_sum_exp_of(V, in));
    for (Index i = 0; i < V; ++i) out[i] = in[i] - shift;
  });
}

}  // namespace regard::kernels
