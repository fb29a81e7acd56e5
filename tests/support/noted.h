#pragma once
// "noted": general attention that takes random numbers in training, has a loss of its own and watches two numbers,
// one position at a time or all at once. Include it in one file of a test program.
#include <memory>

#include "framework/attention/registry.h"

namespace regard::testing {

class Noted final : public attention::Attention {
 public:
  Noted(attention::Sizes sizes, bool whole, nn::Params& params)
      : W_a_(params.add("W_a", {sizes.query, sizes.key})), whole_(whole) {}
  Var prepare(const attention::Source& source) const override {
    return matmul_nt(source.h_s, W_a_.on(source.h_s.tape()));
  }
  attention::Attended attend(const attention::Query& query, Var keys, const attention::State&,
                             const attention::Source& source) const override {
    Var energies = batched_matmul_nt(query.h, keys);
    if (source.training) energies = add(energies, scale(query.normal("noise", energies.shape()[2]), 0.1));
    const Var weights = softmax(energies, source.lengths);
    query.add_loss("spread", sum_last(mul(weights, weights)));
    query.watch("largest", sum_last(mul(weights, hardmax(weights, source.lengths))));
    query.watch("size", sum(mul(W_a_.on(keys.tape()), W_a_.on(keys.tape()))));
    return {context_of(weights, source), weights, {}};
  }
  bool whole_sequence() const override { return whole_; }

 private:
  const nn::Param& W_a_;
  bool whole_;
};

[[maybe_unused]] const bool noted_registered = attention::register_variant({
    .name = "noted",
    .summary = "for a test",
    .equation = "(none)",
    .options = {config::boolean_option("whole", true, "for a test")},
    .stochastic = true,
    .losses = {{"spread", 0.25, "keeps the weights apart"}},
    .make_attention = [](attention::Sizes sizes, const config::Options& options, nn::Params& params)
        -> attention::AttentionPtr { return std::make_unique<Noted>(sizes, options.boolean("whole"), params); },
});

}  // namespace regard::testing
