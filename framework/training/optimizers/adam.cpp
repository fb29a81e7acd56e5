// Adam, Kingma and Ba 2015, algorithm 1:
//   m = beta1 m + (1 - beta1) g          v = beta2 v + (1 - beta2) g^2
//   theta = theta - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
// AdamW, Loshchilov and Hutter 2019, algorithm 2, with the schedule in lr: before this, theta = theta - lr decay theta.
#include <cmath>

#include "framework/base/parallel.h"
#include "framework/tensor/simd/math/vector_math.h"
#include "framework/training/gradients.h"
#include "framework/training/optimizer.h"

namespace regard::training {
namespace {

struct AdamOptions {
  double beta1, beta2, epsilon, decay;
};

template <class T>
void shrink(T factor, Index count, T* theta) noexcept {
  for (Index i = 0; i < count; ++i) theta[i] *= factor;
}

class Adam final : public Optimizer {
 public:
  Adam(const nn::ParamStore& params, const AdamOptions& options)
      : options_(options), blocks_(blocks_of(params)), m_(params, "m"), v_(params, "v"), type_(params.type()) {}

  void step(const Update& now) override {
    dispatch(type_, [&](auto tag) { run<decltype(tag)>(now); });
  }

  std::vector<nn::NamedTensor> state() const override {
    std::vector<nn::NamedTensor> all = m_.all();
    all.insert(all.end(), v_.all().begin(), v_.all().end());
    return all;
  }

 private:
  template <class T>
  void run(const Update& now) {
    const auto t = static_cast<double>(now.number);
    const auto number = [](double x) { return static_cast<T>(x); };
    simd::AdamUpdate<T> update{};
    update.gradient_scale = number(now.gradient_scale);
    update.beta1 = number(options_.beta1);
    update.beta2 = number(options_.beta2);
    update.epsilon = number(options_.epsilon);
    update.root = number(1 / std::sqrt(1 - std::pow(options_.beta2, t)));
    const double first = 1 - std::pow(options_.beta1, t);
    parallel_for(static_cast<Index>(blocks_.size()), 1, [&](Index begin, Index end) {
      for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); ++at) {
        const Block& block = blocks_[at];
        const auto part = [&](const Tensor& tensor) { return static_cast<T*>(tensor.raw()) + block.begin; };
        simd::AdamUpdate<T> one = update;
        const double rate = now.learning_rate * block.param->rate();
        one.step = number(rate / first);
        one.n = block.count;
        one.parameter = part(block.param->value());
        one.gradient = part(block.param->grad());
        one.m = part(m_[block.index]);
        one.v = part(v_[block.index]);
        if (options_.decay > 0) shrink(number(1 - rate * options_.decay), one.n, one.parameter);
        simd::adam(one);
      }
    });
  }

  AdamOptions options_;
  std::vector<Block> blocks_;
  Moments m_;
  Moments v_;
  DType type_;
};

std::vector<config::OptionRow> adam_rows() {
  return {
      config::number_option("beta1", 0.9, config::below(0, 1), "", "decay of the mean gradient at each update"),
      config::number_option("beta2", 0.999, config::below(0, 1), "",
                            "decay of the mean squared gradient at each update; 0.98 adapts faster"),
      config::number_option(
          "epsilon", 1e-8, config::above(0), "",
          "added to the root of the mean square; larger values reduce the steps of rarely used parameters")};
}

std::vector<config::OptionRow> adamw_rows() {
  auto rows = adam_rows();
  rows.push_back(config::number_option("weight_decay", 0.01, config::at_least(0), "",
                                       "each update reduces every parameter by this "
                                       "share times the learning rate"));
  return rows;
}

AdamOptions adam_options(const config::Options& options, double decay) {
  return {.beta1 = options.number("beta1"),
          .beta2 = options.number("beta2"),
          .epsilon = options.number("epsilon"),
          .decay = decay};
}

[[maybe_unused]] const bool registered = register_optimizer({
    .name = "adam",
    .summary = "step sizes from the mean and the mean square of the gradient (Kingma and Ba 2015)",
    .options = adam_rows(),
    .make = [](const nn::ParamStore& params, const config::Options& options) -> OptimizerPtr {
      return std::make_unique<Adam>(params, adam_options(options, 0));
    },
});

[[maybe_unused]] const bool registered_w = register_optimizer({
    .name = "adamw",
    .summary = "Adam with decoupled weight decay (Loshchilov and Hutter 2019)",
    .options = adamw_rows(),
    .make = [](const nn::ParamStore& params, const config::Options& options) -> OptimizerPtr {
      return std::make_unique<Adam>(params, adam_options(options, options.number("weight_decay")));
    },
});

}  // namespace
}  // namespace regard::training
