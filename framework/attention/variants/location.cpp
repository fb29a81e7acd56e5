// "location", Luong et al. 2015, section 3.1: a_t = softmax(W_a h_t) The weights depend only on the decoder's
// state: row s of W_a [L, query] gives the energy of position s, for any source word. A shorter sentence uses the
// first rows; in a longer one the positions after L get no weight, as in the paper.
#include <algorithm>

#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

class Location final : public Attention {
 public:
  Location(Sizes sizes, Index longest, nn::Params& params)
      : W_a_(params.add("W_a", {longest, sizes.query})), longest_(longest) {}

  bool whole_sequence() const override { return true; }

  // h_t [B, T, query] -> energies [B, T, L] -> weights [B, T, S]
  Attended attend(const Query& query, Var, const State&, const Source& source) const override {
    Tape& tape = query.h.tape();
    const Index S = source.h_s.shape()[1];
    const Index reached = std::min(S, longest_);
    const auto lengths = tape.allocate_span<Index>(source.h_s.shape()[0]);
    std::transform(source.lengths.begin(), source.lengths.end(), lengths.begin(),
                   [&](Index length) { return std::min(length, longest_); });
    Var weights = softmax(slice_last(matmul_nt(query.h, W_a_.on(tape)), 0, reached), lengths);
    if (reached < S) weights = concat(weights, tape.input(tape.zeros(weights.shape().with_cols(S - reached))));
    return {context_of(weights, source), weights, {}};
  }

 private:
  const nn::Param& W_a_;
  Index longest_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "location",
    .summary = "softmax(W_a h_t); a row of W_a for each position, whatever stands there",
    .equation = "a_t = softmax(W_a h_t)   (Luong et al. 2015, section 3.1)",
    .options = {config::integer_option("max_length", 128, {1, 65536}, "positions",
                                       "rows of W_a; source positions behind them get no weight")},
    .content_based = false,
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      return std::make_unique<Location>(sizes, options.integer("max_length"), params);
    },
});

}  // namespace
}  // namespace regard::attention
