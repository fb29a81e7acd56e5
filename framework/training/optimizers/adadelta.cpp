// Adadelta, Zeiler 2012, algorithm 1, with a learning rate as factor of the step (the paper has none, that is 1):
//   v = rho v + (1 - rho) g^2      d = sqrt(u + epsilon) / sqrt(v + epsilon) g      u = rho u + (1 - rho) d^2
//   theta = theta - lr d
#include <cmath>

#include "framework/base/parallel.h"
#include "framework/training/gradients.h"
#include "framework/training/optimizer.h"

namespace regard::training {
namespace {

template <class T>
struct Numbers {
  T scale, rate, rho, epsilon;
};

template <class T>
void step_of(const Numbers<T>& by, Index count, const T* __restrict gradient, T* __restrict theta, T* __restrict v,
             T* __restrict u) noexcept {
  for (Index i = 0; i < count; ++i) {
    const T g = by.scale * gradient[i];
    v[i] = by.rho * v[i] + (1 - by.rho) * g * g;
    const T d = std::sqrt(u[i] + by.epsilon) / std::sqrt(v[i] + by.epsilon) * g;
    u[i] = by.rho * u[i] + (1 - by.rho) * d * d;
    theta[i] -= by.rate * d;
  }
}

class Adadelta final : public Optimizer {
 public:
  Adadelta(const nn::ParamStore& params, double rho, double epsilon)
      : rho_(rho),
        epsilon_(epsilon),
        blocks_(blocks_of(params)),
        v_(params, "v"),
        u_(params, "u"),
        type_(params.type()) {}

  void step(const Update& now) override {
    dispatch(type_, [&](auto tag) { run<decltype(tag)>(now); });
  }

  std::vector<nn::NamedTensor> state() const override {
    std::vector<nn::NamedTensor> all = v_.all();
    all.insert(all.end(), u_.all().begin(), u_.all().end());
    return all;
  }

 private:
  template <class T>
  void run(const Update& now) {
    const Numbers<T> all{static_cast<T>(now.gradient_scale), 0, static_cast<T>(rho_), static_cast<T>(epsilon_)};
    parallel_for(static_cast<Index>(blocks_.size()), 1, [&](Index begin, Index end) {
      for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); ++at) {
        const Block& block = blocks_[at];
        Numbers<T> by = all;
        by.rate = static_cast<T>(now.learning_rate * block.param->rate());
        const auto part = [&](const Tensor& tensor) { return static_cast<T*>(tensor.raw()) + block.begin; };
        step_of<T>(by, block.count, part(block.param->grad()), part(block.param->value()), part(v_[block.index]),
                   part(u_[block.index]));
      }
    });
  }

  double rho_, epsilon_;
  std::vector<Block> blocks_;
  Moments v_, u_;
  DType type_;
};

[[maybe_unused]] const bool registered = register_optimizer({
    .name = "adadelta",
    .summary =
        "step sizes from the sizes of earlier steps; use a learning rate of 1 as in the paper (Zeiler 2012)",
    .options = {config::number_option("rho", 0.95, config::below(0, 1), "",
                                      "decay of both mean squares at each update"),
                config::number_option("epsilon", 1e-6, config::above(0), "",
                                      "added to both mean squares; larger values give larger first steps")},
    .make = [](const nn::ParamStore& params, const config::Options& options) -> OptimizerPtr {
      return std::make_unique<Adadelta>(params, options.number("rho"), options.number("epsilon"));
    },
});

}  // namespace
}  // namespace regard::training
