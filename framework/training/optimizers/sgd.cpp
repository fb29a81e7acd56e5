// Stochastic gradient descent, with momentum (Polyak 1964) in the form of Sutskever et al. 2013, with the learning rate
// outside the sum as in PyTorch:
//   u = momentum u + g          theta = theta - lr u
// Without momentum, u is g and there is no state. With weight decay, g is the gradient plus decay theta (an L2 penalty
// of decay / 2 theta^2), also as in PyTorch.
#include <optional>

#include "framework/base/parallel.h"
#include "framework/training/gradients.h"
#include "framework/training/optimizer.h"

namespace regard::training {
namespace {

template <class T>
void plain(T rate, T kept, Index count, const T* __restrict g, T* __restrict theta) noexcept {
  for (Index i = 0; i < count; ++i) theta[i] = kept * theta[i] - rate * g[i];
}

template <class T>
void with_momentum(T scale, T decay, T momentum, T rate, Index count, const T* __restrict g, T* __restrict theta,
                   T* __restrict u) noexcept {
  for (Index i = 0; i < count; ++i) {
    const T velocity = momentum * u[i] + (scale * g[i] + decay * theta[i]);
    u[i] = velocity;
    theta[i] -= rate * velocity;
  }
}

class Sgd final : public Optimizer {
 public:
  Sgd(const nn::ParamStore& params, double momentum, double decay)
      : momentum_(momentum), decay_(decay), blocks_(blocks_of(params)), type_(params.type()) {
    if (momentum > 0) u_.emplace(params, "u");
  }

  void step(const Update& now) override {
    dispatch(type_, [&](auto tag) { run<decltype(tag)>(now); });
  }

  std::vector<nn::NamedTensor> state() const override { return u_ ? u_->all() : std::vector<nn::NamedTensor>{}; }

 private:
  template <class T>
  void run(const Update& now) {
    const auto scale = static_cast<T>(now.gradient_scale);
    const auto momentum = static_cast<T>(momentum_);
    const auto decay = static_cast<T>(decay_);
    parallel_for(static_cast<Index>(blocks_.size()), 1, [&](Index begin, Index end) {
      for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); ++at) {
        const Block& block = blocks_[at];
        const double own_rate = now.learning_rate * block.param->rate();
        const auto rate = static_cast<T>(own_rate);
        const auto kept = static_cast<T>(1 - own_rate * decay_);
        const auto part = [&](const Tensor& tensor) { return static_cast<T*>(tensor.raw()) + block.begin; };
        const T* g = part(block.param->grad());
        T* theta = part(block.param->value());
        if (u_) {
          with_momentum(scale, decay, momentum, rate, block.count, g, theta, part((*u_)[block.index]));
        } else {
          plain(rate * scale, kept, block.count, g, theta);
        }
      }
    });
  }

  double momentum_, decay_;
  std::vector<Block> blocks_;
  std::optional<Moments> u_;
  DType type_;
};

[[maybe_unused]] const bool registered = register_optimizer({
    .name = "sgd",
    .summary = "gradient descent, with or without momentum",
    .options = {config::number_option("momentum", 0, config::below(0, 1), "",
                                      "share of the last step that is added to each step (Polyak 1964)"),
                config::number_option("weight_decay", 0, config::at_least(0), "",
                                      "factor of an L2 penalty: adds this times the parameter to its gradient")},
    .make = [](const nn::ParamStore& params, const config::Options& options) -> OptimizerPtr {
      return std::make_unique<Sgd>(params, options.number("momentum"), options.number("weight_decay"));
    },
});

}  // namespace
}  // namespace regard::training
