// "multi_head", Vaswani et al. 2017, section 3.2.2, with the decoder's state as query and the encoder's as keys
// and values:
//   a_t^i = softmax_s((W_q^i h_t)^T (W_k^i h_s) / sqrt(d)),   c_t = W_o [sum_s a_t^1(s) W_v^1 h_s; …; … W_v^n h_s]
// Each of the n heads is d wide: W_q [n d, query], W_k and W_v [n d, key], W_o [key, n d]. The maps are the heads', the
// weights their mean.
#include <algorithm>
#include <cmath>

#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

class MultiHead final : public Attention {
 public:
  MultiHead(Sizes sizes, Index heads, Index width, nn::Params& params)
      : W_q_(params.add("W_q", {heads * width, sizes.query})),
        W_k_(params.add("W_k", {heads * width, sizes.key})),
        W_v_(params.add("W_v", {heads * width, sizes.key})),
        W_o_(params.add("W_o", {sizes.key, heads * width})),
        heads_(heads),
        width_(width) {}

  // h_s [B, S, key] -> keys of all heads, then their values: [B, S, 2 n d]
  Var prepare(const Source& source) const override {
    Tape& tape = source.h_s.tape();
    // One after the other: compilers evaluate arguments in different orders, and gradients are summed in the tape's.
    const Var values = matmul_nt(source.h_s, W_v_.on(tape));
    const Var keys = matmul_nt(source.h_s, W_k_.on(tape));
    return concat(keys, values);
  }
  bool whole_sequence() const override { return true; }

  Attended attend(const Query& query, Var prepared, const State&, const Source& source) const override {
    Tape& tape = prepared.tape();
    const Var q = scale(matmul_nt(query.h, W_q_.on(tape)), 1 / std::sqrt(static_cast<double>(width_)));
    const auto contexts = tape.allocate_span<Var>(heads_);
    const auto maps = tape.allocate_span<Var>(heads_);
    Var weights;
    for (Index i = 0; i < heads_; ++i) {
      const Var keys = slice_last(prepared, i * width_, width_);
      const Var values = slice_last(prepared, (heads_ + i) * width_, width_);
      const Var a = softmax(batched_matmul_nt(slice_last(q, i * width_, width_), keys), source.lengths);
      contexts[static_cast<std::size_t>(i)] = batched_matmul(a, values);
      maps[static_cast<std::size_t>(i)] = a;
      weights = i == 0 ? a : add(weights, a);
    }
    const Var context = matmul_nt(concat(contexts), W_o_.on(tape));
    return {context, scale(weights, 1 / static_cast<double>(heads_)), {}, maps};
  }

 private:
  const nn::Param& W_q_;
  const nn::Param& W_k_;
  const nn::Param& W_v_;
  const nn::Param& W_o_;
  Index heads_, width_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "multi_head",
    .summary = "several scaled dot products of projections, each with values of its own; any sizes",
    .equation = "c_t = W_o [softmax_s((W_q^i h_t)^T (W_k^i h_s) / sqrt(d)) W_v^i h_s for each head i]"
                "   (Vaswani et al. 2017, section 3.2.2)",
    .options = {config::integer_option("heads", 4, {1, 256}, "heads", "how many look at the source side by side"),
                config::integer_option("width", 0, {0, 65536}, "units",
                                       "width d of a head; 0 divides the decoder's width among the heads")},
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      const Index heads = options.integer("heads");
      const Index width = options.integer("width");
      return std::make_unique<MultiHead>(sizes, heads, width > 0 ? width : std::max<Index>(1, sizes.query / heads),
                                         params);
    },
});

}  // namespace
}  // namespace regard::attention
