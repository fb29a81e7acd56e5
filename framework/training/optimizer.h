#pragma once
// Optimisers compute the next values of all parameters from their gradients, in one pass. An optimiser is one file in
// optimizers/ with one registration:
//
//   [[maybe_unused]] const bool registered = register_optimizer({.name = "sgd", .summary = "…", .make = …});
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "framework/base/registry.h"
#include "framework/config/options.h"
#include "framework/config/value.h"
#include "framework/nn/params.h"
#include "framework/nn/safetensors.h"

namespace regard::training {

// The values that change from update to update.
struct Update {
  Index number = 1;  // counted from 1 over the whole training
  double learning_rate = 0;
  double gradient_scale = 1;  // factor of the gradients, for clipping
};

// An optimiser of one store, which must outlive it. No parameter may be added to the store afterwards.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // Updates all parameters once. Allocates nothing on the heap; gives the same bytes for any number of threads.
  virtual void step(const Update& update) = 0;
  // Returns the state between updates, as views which checkpoints are written from and read into. Names and shapes
  // depend only on the parameters; the values are zero at first. Names start with kMoments.
  [[nodiscard]] virtual std::vector<nn::NamedTensor> state() const = 0;
};

inline constexpr const char* kMoments = "moments/";

using OptimizerPtr = std::unique_ptr<Optimizer>;

struct OptimizerEntry {
  static constexpr const char* kind = "optimizer";

  std::string name;
  std::string summary;  // one line, with the paper
  std::vector<std::string> aliases = {};
  std::vector<config::OptionRow> options = {};
  std::function<OptimizerPtr(const nn::ParamStore&, const config::Options&)> make;
};

// The registry of optimisers: filled while libraries are loaded, read-only afterwards.
[[nodiscard]] Registry<OptimizerEntry>& optimizers();

bool register_optimizer(OptimizerEntry entry, const char* file = __builtin_FILE(), int line = __builtin_LINE());

// Makes the optimiser with this name; missing options have their defaults. ConfigError for an unknown name.
[[nodiscard]] OptimizerPtr make_optimizer(const config::Tagged& which, const nn::ParamStore& params);

// One array for each parameter, zero at first: "moments/<path of the parameter>/<name>".
class Moments final {
 public:
  Moments(const nn::ParamStore& params, std::string_view name);
  [[nodiscard]] const Tensor& operator[](std::size_t parameter) const { return all_[parameter].value; }
  [[nodiscard]] const std::vector<nn::NamedTensor>& all() const noexcept { return all_; }

 private:
  Arena memory_;
  std::vector<nn::NamedTensor> all_;
};

}  // namespace regard::training
