// "relative": a score with a learned bias for each distance between the positions (after Raffel et al. 2020, section
// 2.1, who take it from Shaw et al. 2018):
//   score'(h_t, h_s) = score(h_t, h_s) + b(s - t)      distances beyond D on either side share the bias of D
// b starts at 0, so that training begins with the score alone.
#include <algorithm>

#include "framework/attention/inner_score.h"

namespace regard::attention {
namespace {

class Relative final : public Score {
 public:
  Relative(ScorePtr score, Index D, nn::Params& params)
      : score_(std::move(score)), b_(params.add("b", {2 * D + 1, 1}, nn::zeros)), D_(D) {}

  Var project(const Source& source) const override { return score_->project(source); }

  Var score(const Query& query, Var keys, const Source& source) const override {
    Tape& tape = query.h.tape();
    const Index T = query.h.shape()[1];
    const Index S = source.h_s.shape()[1];
    const auto distances = tape.allocate_span<Index>(T * S);
    for (Index i = 0; i < T * S; ++i) {
      const Index distance = i % S - query.t[static_cast<std::size_t>(i / S)];
      distances[static_cast<std::size_t>(i)] = std::clamp(distance, -D_, D_) + D_;
    }
    const Var bias = reshape(embedding(b_.on(tape), distances, {T, S}), {1, T, S});
    return add(score_->score(query, keys, source), bias);
  }

 private:
  ScorePtr score_;
  const nn::Param& b_;
  Index D_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "relative",
    .summary = "a score plus a learned bias for each distance s - t",
    .equation =
        "score'(h_t, h_s) = score(h_t, h_s) + b(s - t), |s - t| <= D   (after Raffel et al. 2020, section 2.1)",
    .options = {inner_score_option("what the bias is added to"),
                config::integer_option("D", 10, {1, 65536}, "positions",
                                       "the largest distance that has a bias of its own")},
    .content_based = false,
    .refuses = refuses_inner_score,
    .make = [](Sizes sizes, const config::Options& options, nn::Params& params) -> ScorePtr {
      return std::make_unique<Relative>(make_inner_score(sizes, options, params), options.integer("D"), params);
    },
});

}  // namespace
}  // namespace regard::attention
