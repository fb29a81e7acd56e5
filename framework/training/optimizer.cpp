#include "framework/training/optimizer.h"

#include <fmt/format.h>

#include "framework/tensor/kernels.h"

namespace regard::training {

Registry<OptimizerEntry>& optimizers() {
  static Registry<OptimizerEntry> registry;
  return registry;
}

bool register_optimizer(OptimizerEntry entry, const char* file, int line) {
  return optimizers().add(std::move(entry), file, line);
}

OptimizerPtr make_optimizer(const config::Tagged& which, const nn::ParamStore& params) {
  const OptimizerEntry& entry = optimizers().at(which.name);
  const bool given = !which.options.entries().empty();
  return entry.make(params, given ? which.options : config::defaults(entry.options));
}

Moments::Moments(const nn::ParamStore& params, std::string_view name) {
  for (const nn::Param& param : params.all()) {
    const Tensor& value = param.value();
    const Tensor moment(memory_.allocate(static_cast<std::size_t>(value.bytes())), value.type(), value.shape());
    kernels::fill_zero(moment);
    all_.push_back({fmt::format("{}{}/{}", kMoments, param.name(), name), moment});
  }
}

}  // namespace regard::training
