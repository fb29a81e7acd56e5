#include "framework/training/averaging.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/parallel.h"

namespace regard::training {

using Kind = AveragingOptions::Kind;

const config::OptionTable<AveragingOptions>& averaging_rows() {
  static const config::OptionTable<AveragingOptions> rows = {
      config::choice(
          "kind", &AveragingOptions::kind,
          {{"none", Kind::none, "the parameters as they are"},
           {"ema", Kind::ema, "an exponential moving average over the updates"},
           {"checkpoints", Kind::checkpoints, "the mean of the parameters at the last validations"}},
          "which parameters are validated and kept as the best; training continues from the parameters themselves"),
      config::option("decay", &AveragingOptions::decay, config::below(0, 1), "",
                     "for ema: factor of the old average at each update; 0.999 averages over about 1000 updates"),
      config::option("count", &AveragingOptions::count, config::between(2, 100), "validations",
                     "for checkpoints: how many are averaged; each needs the memory of the parameters"),
  };
  return rows;
}

Averaging::Averaging(OptimizerPtr optimizer, const nn::ParamStore& params, const AveragingOptions& options)
    : optimizer_(std::move(optimizer)), options_(options), blocks_(blocks_of(params)), type_(params.type()) {
  if (options.kind == Kind::none) return;
  if (options.kind == Kind::ema) kept_.emplace_back(params, "ema");
  for (Index i = 0; options.kind == Kind::checkpoints && i + 1 < options.count; ++i) {
    kept_.emplace_back(params, fmt::format("checkpoint{}", i));
  }
  aside_.emplace_back(params, "aside");
}

template <class F>
void Averaging::for_blocks(F f) {
  dispatch(type_, [&](auto tag) {
    using T = decltype(tag);
    parallel_for(static_cast<Index>(blocks_.size()), 1, [&](Index begin, Index end) {
      for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); ++at) {
        const Block& block = blocks_[at];
        const auto part = [&](const Tensor& tensor) { return static_cast<T*>(tensor.raw()) + block.begin; };
        f(part(block.param->value()), block.count,
          [&](const Moments& moments) { return part(moments[block.index]); });
      }
    });
  });
}

void Averaging::step(const Update& update) {
  optimizer_->step(update);
  if (options_.kind != Kind::ema) return;
  const auto n = static_cast<double>(update.number);
  const double decay = std::min(options_.decay, (n - 1) / (n + 9));
  for_blocks([&](auto* theta, Index count, auto of) {
    auto* const mean = of(kept_[0]);
    using T = std::remove_reference_t<decltype(*theta)>;
    const auto d = static_cast<T>(decay);
    for (Index i = 0; i < count; ++i) mean[i] = d * mean[i] + (1 - d) * theta[i];
  });
}

void Averaging::begin(Index validations) {
  if (options_.kind == Kind::none) return;
  const std::size_t before =
      options_.kind == Kind::ema ? 0 : std::min(kept_.size(), static_cast<std::size_t>(validations));
  for_blocks([&](auto* theta, Index count, auto of) {
    std::copy(theta, theta + count, of(aside_[0]));
    if (options_.kind == Kind::ema) {
      const auto* const mean = of(kept_[0]);
      std::copy(mean, mean + count, theta);
      return;
    }
    using T = std::remove_reference_t<decltype(*theta)>;
    for (std::size_t one = 0; one < before; ++one) {
      const auto* const old = of(kept_[one]);
      for (Index i = 0; i < count; ++i) theta[i] += old[i];
    }
    const auto share = static_cast<T>(1 / static_cast<double>(before + 1));
    for (Index i = 0; i < count; ++i) theta[i] *= share;
  });
}

void Averaging::end(Index validations, bool counts) {
  if (options_.kind == Kind::none) return;
  const std::size_t turn = static_cast<std::size_t>(validations) % kept_.size();
  for_blocks([&](auto* theta, Index count, auto of) {
    const auto* const own = of(aside_[0]);
    std::copy(own, own + count, theta);
    if (counts && options_.kind == Kind::checkpoints) std::copy(own, own + count, of(kept_[turn]));
  });
}

std::vector<nn::NamedTensor> Averaging::state() const {
  std::vector<nn::NamedTensor> all = optimizer_->state();
  for (const Moments& moments : kept_) all.insert(all.end(), moments.all().begin(), moments.all().end());
  return all;
}

}  // namespace regard::training
