// Layer normalisation over the last axis (Ba, Kiros and Hinton 2016, section 3; epsilon as PyTorch's).
//   x^ = (x - mean(x)) / sqrt(variance(x) + 1e-5)     y = gain x^ + bias        x [..., n], gain and bias [n]
//   dx = (g - mean(g) - x^ mean(g x^)) / sqrt(variance + 1e-5), g = gain dy
//   d_gain = the sum of the rows of dy x^             d_bias = the sum of the rows of dy
#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard {
namespace {

constexpr double kEpsilon = 1e-5;

struct Saved {
  Tensor mean, scale;  // [rows]
};

Index row_grain(Index columns) { return kElementwiseGrain / (4 * columns + 1) + 1; }

void forward(const Tensor& x, const Tensor& gain, const Tensor& bias, const Tensor& y, const Saved& s) {
  dispatch(x.type(), [&](auto tag) {
    using T = decltype(tag);
    const Index n = x.cols();
    parallel_for(x.rows(), row_grain(n), [&](Index begin, Index end) {
      simd::layer_norm(simd::LayerNorm<T>{end - begin,
                                          n,
                                          {x.data<T>() + begin * n, n},
                                          gain.data<T>(),
                                          bias.data<T>(),
                                          static_cast<T>(kEpsilon),
                                          {y.data<T>() + begin * n, n},
                                          s.mean.data<T>() + begin,
                                          s.scale.data<T>() + begin});
    });
  });
}

void give_input(const Tensor& x, const Tensor& gain, const Saved& s, const Tensor& dy, const GradSink& sink) {
  dispatch(x.type(), [&](auto tag) {
    using T = decltype(tag);
    const Index n = x.cols();
    parallel_for(x.rows(), row_grain(n), [&](Index begin, Index end) {
      simd::layer_norm_input(simd::LayerNormInput<T>{end - begin,
                                                     n,
                                                     {x.data<T>() + begin * n, n},
                                                     gain.data<T>(),
                                                     s.mean.data<T>() + begin,
                                                     s.scale.data<T>() + begin,
                                                     {dy.data<T>() + begin * n, n},
                                                     {sink.grad.data<T>() + begin * n, n},
                                                     sink.accumulate});
    });
  });
}

// Threads share the columns: each sums over all rows.
void give_weights(const Tensor& x, const Saved& s, const Tensor& dy, const Tensor& d_gain, const Tensor& d_bias) {
  dispatch(x.type(), [&](auto tag) {
    using T = decltype(tag);
    const Index n = x.cols();
    parallel_for(n, std::max<Index>(64, kElementwiseGrain / (x.rows() + 1)), [&](Index begin, Index end) {
      simd::layer_norm_weights(simd::LayerNormWeights<T>{x.rows(),
                                                         end - begin,
                                                         {x.data<T>() + begin, n},
                                                         s.mean.data<T>(),
                                                         s.scale.data<T>(),
                                                         {dy.data<T>() + begin, n},
                                                         d_gain.data<T>() + begin,
                                                         d_bias.data<T>() + begin});
    });
  });
}

}  // namespace

Var layer_norm(Var x, Var gain, Var bias) {
  check(x.shape().rank() > 0, "layer_norm of a single number");
  const Shape row{x.shape().cols()};
  require_shape("layer_norm", "gain", gain, row, "for x's last axis");
  require_shape("layer_norm", "bias", bias, row, "for x's last axis");
  Tape& tape = x.tape();
  const Tensor y = tape.tensor(x.shape());
  const Saved s{tape.tensor({x.shape().rows()}), tape.tensor({x.shape().rows()})};
  forward(x.value(), gain.value(), bias.value(), y, s);
  return tape.record("layer_norm", {x, gain, bias}, y, [=](const Tensor& dy) {
    if (x.needs_grad()) give_input(x.value(), gain.value(), s, dy, x.grad_sink());
    if (!gain.needs_grad() && !bias.needs_grad()) return;
    Tape& t = x.tape();
    const auto sink = [&](Var weights) {
      return weights.needs_grad() ? weights.grad() : t.zeros(weights.shape());
    };
    give_weights(x.value(), s, dy, sink(gain), sink(bias));
  });
}

}  // namespace regard
