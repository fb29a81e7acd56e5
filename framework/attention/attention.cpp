#include "framework/attention/attention.h"

#include <fmt/format.h>

#include "framework/autodiff/ops.h"

namespace regard::attention {
namespace {

void require_energies(const Var& energies, const Query& query, const Source& source) {
  const Shape h = query.h.shape();
  const Shape expected{h[0], h[1], source.h_s.shape()[1]};
  if (!energies.empty() && energies.shape() == expected) return;
  throw ShapeError(fmt::format("score() returned {}, expected [B, T, S] = {}",
                               energies.empty() ? "an empty Var" : energies.shape().text(), expected.text()));
}

class ScoreAttention final : public Attention {
 public:
  explicit ScoreAttention(ScorePtr score) : score_(std::move(score)) {}

  Var prepare(const Source& source) const override { return score_->project(source); }

  // a_t(s) = softmax_s(score(h_t, h_s)), c_t = sum_s a_t(s) h_s      (Luong et al. 2015, eq. 7)
  Attended attend(const Query& query, Var keys, const State&, const Source& source) const override {
    const Var energies = score_->score(query, keys, source);
    require_energies(energies, query, source);
    const Var weights = softmax(energies, source.lengths);
    return {context_of(weights, source), weights, {}};
  }

  bool whole_sequence() const override { return true; }

 private:
  ScorePtr score_;
};

}  // namespace

Source source_of(Var h_s, std::span<const Index> lengths) {
  return {zero_padding(h_s, lengths), h_s.tape().copy(lengths)};
}

State gather(const State& state, std::span<const Index> rows, Tape& to) {
  State moved = state;
  for (Index i = 0; i < moved.count; ++i) {
    Var& part = moved.rows[static_cast<std::size_t>(i)];
    part = gather_rows(to.input(part.value()), rows);
  }
  return moved;
}

Var at_first_position(const Source& source) {
  const Shape shape = source.h_s.shape();
  const Tensor weights = source.h_s.tape().zeros({shape[0], shape[1]});
  for (Index b = 0; b < shape[0]; ++b) weights.set(b * shape[1], 1);
  return source.h_s.tape().input(weights);
}

Var context_of(Var weights, const Source& source) { return batched_matmul(weights, source.h_s); }

AttentionPtr from_score(ScorePtr score) { return std::make_unique<ScoreAttention>(std::move(score)); }

}  // namespace regard::attention
