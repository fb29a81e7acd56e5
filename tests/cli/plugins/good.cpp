// A plug-in like one of a user: a score with its own option and parameter.
#include "framework/attention/registry.h"

namespace {

using namespace regard;

class Sample final : public attention::Score {
 public:
  Sample(attention::Sizes sizes, double factor, nn::Params& params)
      : W_(params.add("W", {sizes.query, sizes.key})), factor_(factor) {}

  Var project(const attention::Source& source) const override {
    return scale(matmul_nt(source.h_s, W_.on(source.h_s.tape())), factor_);
  }
  Var score(const attention::Query& query, Var keys, const attention::Source&) const override {
    return batched_matmul_nt(query.h, keys);
  }

 private:
  const nn::Param& W_;
  double factor_;
};

[[maybe_unused]] const bool registered = attention::register_variant({
    .name = "sample_score",
    .summary = "general, times a factor",
    .equation = "score(h_t, h_s) = f h_t^T W h_s   (a test of ours)",
    .options = {config::number_option("factor", 1, config::above(0), "", "f")},
    .make = [](attention::Sizes sizes, const config::Options& options, nn::Params& params) -> attention::ScorePtr {
      return std::make_unique<Sample>(sizes, options.number("factor"), params);
    },
});

}  // namespace
