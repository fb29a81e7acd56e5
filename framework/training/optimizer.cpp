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

Moments::Moments(const nn::ParamStore& params, std::string_view name) {
  for (const nn::Param& param : params.all()) {
    const Tensor& value = param.value();
    const Tensor moment(memory_.allocate(static_cast<std::size_t>(value.bytes())), value.type(), value.shape());
    kernels::fill_zero(moment);
    all_.push_back({fmt::format("{}{}/{}", kMoments, param.name(), name), moment});
  }
}

}  // namespace regard::training
