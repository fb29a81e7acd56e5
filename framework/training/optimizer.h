#pragma once
// Optimisers: from the gradients of all parameters to their next values, in one pass. An optimiser is one file in
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

// What changes from update to update.
struct Update {
  Index number = 1;  // counted from 1 over the whole training
  double learning_rate = 0;
  double gradient_scale = 1;  // gradients are multiplied by it first: clipping
};

// Made for one store, which outlives it and gains no parameter any more.
class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // One update of all parameters. Takes nothing from the heap; same bytes for any number of threads.
  virtual void step(const Update& update) = 0;
  // All it remembers between updates, as views that a checkpoint writes from and reads into: the same names and
  // shapes for the same parameters, zero at first. Names begin with kMoments.
  [[nodiscard]] virtual std::vector<nn::NamedTensor> state() const = 0;
};

inline constexpr const char* kMoments = "moments/";

using OptimizerPtr = std::unique_ptr<Optimizer>;

struct OptimizerEntry {
  static constexpr const char* kind = "optimizer";

  std::string name;
  std::string summary;  // one line, with its source
  std::vector<std::string> aliases = {};
  std::vector<config::OptionRow> options = {};
  std::function<OptimizerPtr(const nn::ParamStore&, const config::Options&)> make;
};

// Filled while libraries are loaded, read-only afterwards.
[[nodiscard]] Registry<OptimizerEntry>& optimizers();

bool register_optimizer(OptimizerEntry entry, const char* file = __builtin_FILE(), int line = __builtin_LINE());

// The optimiser of that name; options left out are the defaults. An unknown name is a ConfigError.
[[nodiscard]] OptimizerPtr make_optimizer(const config::Tagged& which, const nn::ParamStore& params);

// One array beside each parameter, zero at first: "moments/<path of the parameter>/<name>".
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
