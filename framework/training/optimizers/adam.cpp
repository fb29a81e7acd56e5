// Adam, Kingma and Ba 2015, algorithm 1:
//   m = beta1 m + (1 - beta1) g          v = beta2 v + (1 - beta2) g^2
//   theta = theta - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
#include <cmath>

#include "framework/base/parallel.h"
#include "framework/training/gradients.h"
#include "framework/training/optimizer.h"

namespace regard::training {
namespace {

struct AdamOptions {
  double beta1, beta2, epsilon;
};

// The factors of one update; the same for all elements.
template <class T>
struct Factors {
  T scale;               // of the gradient
  T beta1, one_minus_1;  // of m and g
  T beta2, one_minus_2;  // of v and g^2
  T step;                // lr / (1 - beta1^t)
  T correction;          // 1 / sqrt(1 - beta2^t)
  T epsilon;
};

template <class T>
void update(const Factors<T>& f, Index count, const T* __restrict g, T* __restrict theta, T* __restrict m,
            T* __restrict v) noexcept {
  for (Index i = 0; i < count; ++i) {
    const T gradient = g[i] * f.scale;
    const T first = f.beta1 * m[i] + f.one_minus_1 * gradient;
    const T second = f.beta2 * v[i] + f.one_minus_2 * (gradient * gradient);
    m[i] = first;
    v[i] = second;
    theta[i] -= f.step * first / (std::sqrt(second) * f.correction + f.epsilon);
  }
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
    const Factors<T> factors{.scale = number(now.gradient_scale),
                             .beta1 = number(options_.beta1),
                             .one_minus_1 = number(1 - options_.beta1),
                             .beta2 = number(options_.beta2),
                             .one_minus_2 = number(1 - options_.beta2),
                             .step = number(now.learning_rate / (1 - std::pow(options_.beta1, t))),
                             .correction = number(1 / std::sqrt(1 - std::pow(options_.beta2, t))),
                             .epsilon = number(options_.epsilon)};
    parallel_for(static_cast<Index>(blocks_.size()), 1, [&](Index begin, Index end) {
      for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); ++at) {
        const Block& block = blocks_[at];
        const auto part = [&](const Tensor& tensor) { return static_cast<T*>(tensor.raw()) + block.begin; };
        update<T>(factors, block.count, part(block.param->grad()), part(block.param->value()),
                  part(m_[block.index]), part(v_[block.index]));
      }
    });
  }

  AdamOptions options_;
  std::vector<Block> blocks_;
  Moments m_;
  Moments v_;
  DType type_;
};

[[maybe_unused]] const bool registered = register_optimizer({
    .name = "adam",
    .summary = "steps in the size of the gradient's own spread (Kingma and Ba 2015)",
    .options = {config::number_option("beta1", 0.9, config::below(0, 1), "",
                                      "how much of the mean gradient stays from update to update"),
                config::number_option("beta2", 0.999, config::below(0, 1), "",
                                      "how much of the mean squared gradient stays; 0.98 forgets faster"),
                config::number_option("epsilon", 1e-8, config::above(0), "",
                                      "added to the root of the mean square; larger damps rare parameters")},
    .make = [](const nn::ParamStore& params, const config::Options& options) -> OptimizerPtr {
      return std::make_unique<Adam>(params, AdamOptions{.beta1 = options.number("beta1"),
                                                        .beta2 = options.number("beta2"),
                                                        .epsilon = options.number("epsilon")});
    },
});

}  // namespace
}  // namespace regard::training
