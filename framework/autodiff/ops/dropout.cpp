//   y = x * m / p, where m is 1 with probability p = 1 - rate, else 0      dx = dy * m / p
// m is a function of the key, the sentence's number, the step and the unit: it is computed again in backward, not
// stored, and does not depend on where in a batch a sentence stands.
#include <fmt/format.h>

#include "framework/autodiff/ops.h"
#include "framework/autodiff/require.h"
#include "framework/tensor/elementwise.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard {
namespace {

struct DropoutMask {
  Key key;
  std::span<const Index> sentences;
  Index steps, first_step, n;
  std::uint32_t threshold;  // a draw below it drops the unit
  double factor;            // 1 / p
};

void apply(const DropoutMask& mask, const Tensor& from, const Tensor& to, bool accumulate) {
  const Index n = mask.n;
  for_rows({to, from}, 2 * n, [=]<class T>(Index row, T* y, const T* x) {
    const auto [key, stream] = mask.key.with(mask.sentences[static_cast<std::size_t>(row / mask.steps)]).pair();
    const Index step = mask.first_step + row % mask.steps;
    // A word for each unit; 2^34 of them for each step.
    simd::dropout(simd::Dropout<T>{n, x, y, key, stream, static_cast<std::uint64_t>(step) << 32, mask.threshold,
                                   static_cast<T>(mask.factor), accumulate});
  });
}

}  // namespace

Var dropout(Var x, double rate, Key key, std::span<const Index> sentences, Index first_step) {
  require_rank("dropout", "x", x, 3);
  require_share("dropout", "rate", rate);
  if (static_cast<Index>(sentences.size()) != x.shape()[0]) {
    throw ShapeError(fmt::format("dropout: {} sentences for x {}", sentences.size(), x.shape().text()));
  }
  if (rate == 0) return x;
  Tape& tape = x.tape();
  const DropoutMask mask{key,           tape.copy(sentences), x.shape()[1],
                         first_step,    x.shape()[2],         static_cast<std::uint32_t>(rate * 4294967296.0),
                         1 / (1 - rate)};
  const Tensor y = tape.tensor(x.shape());
  apply(mask, x.value(), y, false);
  return tape.record("dropout", y, Wrt{x, [x, mask](const Tensor& dy) {
                                         const auto [dx, accumulate] = x.grad_sink_over(dy);
                                         apply(mask, dy, dx, accumulate);
                                       }});
}

}  // namespace regard
