// "coverage", Tu et al. 2016, section 3.1 (linguistic coverage, with fertility):
//   score(h_t, h_s) = v_a^T tanh(W_q h_t + W_k h_s + V_a C_{t-1}(s))       C_0 = 0
//   C_t(s) = C_{t-1}(s) + a_t(s) / Phi(s),   Phi(s) = N sigmoid(U_f h_s)
// C_t(s) is how much of source word s has been translated. Phi(s), its fertility, is the expected number of its
// target words. C is the State from step to step, so each hypothesis of a beam has its own.
#include "framework/attention/registry.h"

namespace regard::attention {
namespace {

constexpr double kLeast = 1e-6;  // added to Phi, to avoid a division by zero

class Coverage final : public Attention {
 public:
  Coverage(Sizes sizes, Index width, double N, nn::Params& params)
      : W_q_(params.add("W_q", {width, sizes.query})),
        W_k_(params.add("W_k", {width, sizes.key})),
        v_a_(params.add("v_a", {width})),
        V_a_(params.add("V_a", {width})),
        U_f_(params.add("U_f", {1, sizes.key})),
        width_(width),
        N_(N) {}

  // h_s [B, S, key] -> its projection and its fertility, [B, S, A + 1]
  Var prepare(const Source& source) const override {
    Tape& tape = source.h_s.tape();
    const Var Phi = add_number(scale(sigmoid(matmul_nt(source.h_s, U_f_.on(tape))), N_), kLeast);
    return concat(matmul_nt(source.h_s, W_k_.on(tape)), Phi);
  }

  State start(const Source& source) const override {
    Tape& tape = source.h_s.tape();
    State state;
    state.rows[0] = tape.input(tape.zeros({source.h_s.shape()[0], source.h_s.shape()[1]}));
    state.count = 1;
    return state;
  }

  // K = T hypotheses of one position: N = B K rows, each with its own coverage.
  Attended attend(const Query& query, Var prepared, const State& state, const Source& source) const override {
    Tape& tape = prepared.tape();
    const Index B = prepared.shape()[0];
    const Index S = prepared.shape()[1];
    const Index K = query.h.shape()[1];
    const Var C = state.rows[0];  // [N, S]
    Var keys = slice_last(prepared, 0, width_);
    Var Phi = reshape(slice_last(prepared, width_, 1), {B, S});
    if (K > 1) {
      const auto sentences = tape.allocate_span<Index>(B * K);
      for (Index n = 0; n < B * K; ++n) sentences[static_cast<std::size_t>(n)] = n / K;
      keys = gather_rows(keys, sentences);
      Phi = gather_rows(Phi, sentences);
    }
    const Var covered = add(keys, mul(reshape(C, {B * K, S, 1}), V_a_.on(tape)));  // [N, S, A]
    const Var q = reshape(matmul_nt(query.h, W_q_.on(tape)), {B * K, 1, width_});
    const Var energies = reshape(additive_energies(q, covered, v_a_.on(tape)), {B, K, S});
    const Var weights = softmax(energies, source.lengths);
    State next;
    next.rows[0] = add(C, div(reshape(weights, {B * K, S}), Phi));
    next.count = 1;
    return {context_of(weights, source), weights, next};
  }

 private:
  const nn::Param& W_q_;
  const nn::Param& W_k_;
  const nn::Param& v_a_;
  const nn::Param& V_a_;
  const nn::Param& U_f_;
  Index width_;
  double N_;
};

[[maybe_unused]] const bool registered = register_variant({
    .name = "coverage",
    .summary = "concat that knows how much of each source word has been translated; any sizes, step by step",
    .equation =
        "score(h_t, h_s) = v_a^T tanh(W_q h_t + W_k h_s + V_a C_{t-1}(s)), C_t(s) = C_{t-1}(s) + a_t(s) / Phi(s), "
        "Phi(s) = N sigmoid(U_f h_s)   (Tu et al. 2016, section 3.1)",
    .options = {config::integer_option("hidden", 0, {0, 65536}, "units",
                                       "width A of the inner layer; 0 takes the decoder's width"),
                config::number_option("fertility", 2, config::above(0), "words",
                                      "N, the most that one source word is expected to give")},
    .make_attention = [](Sizes sizes, const config::Options& options, nn::Params& params) -> AttentionPtr {
      const Index width = options.integer("hidden");
      return std::make_unique<Coverage>(sizes, width == 0 ? sizes.query : width, options.number("fertility"),
                                        params);
    },
});

}  // namespace
}  // namespace regard::attention
