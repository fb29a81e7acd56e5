#include "framework/autodiff/require.h"

#include <fmt/format.h>

namespace regard {

void require_rank(std::string_view op, std::string_view name, const Var& x, int rank) {
  if (x.shape().rank() != rank) {
    throw ShapeError(fmt::format("{}: {} {} must have {} axes", op, name, x.shape().text(), rank));
  }
}

void require_shape(std::string_view op, std::string_view name, const Var& x, const Shape& expected,
                   std::string_view why) {
  if (!(x.shape() == expected)) {
    throw ShapeError(fmt::format("{}: {} {} must be {} {}", op, name, x.shape().text(), expected.text(), why));
  }
}

void require_same_shape(std::string_view op, std::string_view a_name, const Var& a, std::string_view b_name,
                        const Var& b) {
  if (!(a.shape() == b.shape())) {
    throw ShapeError(fmt::format("{}: {} {} must have the shape of {} {}", op, b_name, b.shape().text(), a_name,
                                 a.shape().text()));
  }
}

void require_inner(std::string_view op, const Var& a, const Var& b, Index a_inner, std::string_view a_which,
                   Index b_inner, std::string_view b_which) {
  if (a_inner != b_inner) {
    throw ShapeError(fmt::format("{}: a {} x b {}: a's {} ({}) must equal b's {} ({})", op, a.shape().text(),
                                 b.shape().text(), a_which, a_inner, b_which, b_inner));
  }
}

void require_lengths(std::string_view op, std::span<const Index> lengths, Index batch, Index longest) {
  if (static_cast<Index>(lengths.size()) != batch) {
    throw ShapeError(fmt::format("{}: {} lengths for a batch of {}", op, lengths.size(), batch));
  }
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    if (lengths[b] < 1 || lengths[b] > longest) {
      throw ShapeError(
          fmt::format("{}: length {} of sentence {} must lie in 1 to {}; a sentence without a position "
                      "has no softmax and no final state",
                      op, lengths[b], b, longest));
    }
  }
}

void require_range(std::string_view op, std::string_view name, std::span<const Index> values, Index low,
                   Index high) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] < low || values[i] >= high) {
      throw ShapeError(fmt::format("{}: {} {} at {} must lie in {} to {}", op, name, values[i], i, low, high - 1));
    }
  }
}

void require_share(std::string_view op, std::string_view name, double share) {
  if (!(share >= 0 && share < 1)) {  // NaN is refused too
    throw ShapeError(fmt::format("{}: {} {} must lie in [0, 1)", op, name, share));
  }
}

void require_targets(std::string_view op, std::span<const Index> targets, Index rows, Index vocabulary) {
  if (static_cast<Index>(targets.size()) != rows) {
    throw ShapeError(fmt::format("{}: {} targets for {} rows", op, targets.size(), rows));
  }
  require_range(op, "target", targets, -1, vocabulary);
}

}  // namespace regard
