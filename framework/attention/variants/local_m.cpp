// "local_m", Luong et al. 2015, section 3.2:
//   p_t    = t                                                    target and source run side by side
//   a_t(s) = the softmax of score(h_t, h_s) over p_t - D <= s <= p_t + D
// The part of the window outside of the sentence is ignored, as in the paper. A target that is longer than its
// source stays at the source's last position; the paper leaves that open.
#include <algorithm>

#include "framework/attention/inner_score.h"

namespace regard::attention {
namespace {

class LocalM final : public Attention {
 public:
  LocalM(ScorePtr score, Index D) : score_(std::move(score)), D_(D) {}

  Var prepare(const Source& source) const override { return score_->project(source); }
  bool whole_sequence() const override { return true; }

  Attended attend(const Query& query, Var keys, const State&, const Source& source) const override {
    const Var energies = score_->score(query, keys, source);  // [B, T, S]
    const Index T = query.h.shape()[1];
    const Index rows = energies.shape().rows();
    const auto begins = energies.tape().allocate_span<Index>(rows);
    const auto ends = energies.tape().allocate_span<Index>(rows);
    for (Index row = 0; row < rows; ++row) {
      const Index length = source.lengths[static_cast<std::size_t>(row / T)];
      const Index p_t = std::min(query.t[static_cast<std::size_t>(row % T)], length - 1);
      begins[static_cast<std::size_t>(row)] = std::max<Index>(p_t - D_, 0);
      ends[static_cast<std::size_t>(row)] = std::min(p_t + D_ + 1, length);
    }
    const Var weights = window_softmax(energies, begins, ends);
    return {context_of(weights, source), weights, {}};
  }

 private:
  ScorePtr score_;
  Index D_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "local_m",
    .summary = "softmax of a score within D positions of p_t = t",
    .equation = "a_t(s) = softmax score(h_t, h_s), |s - t| <= D   (Luong et al. 2015, section 3.2, local-m)",
    .options = {inner_score_option("how positions of the window are compared"),
                config::integer_option("D", 10, {1, 65536}, "positions", "half the window; the paper has 10")},
    .content_based = false,
    .refuses = refuses_inner_score,
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      return std::make_unique<LocalM>(make_inner_score(sizes, options, params), options.integer("D"));
    },
});

}  // namespace
}  // namespace regard::attention
