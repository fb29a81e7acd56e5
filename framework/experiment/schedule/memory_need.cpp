#include "framework/experiment/schedule/memory_need.h"

#include <fmt/format.h>

#include <new>

#include "framework/config/section.h"
#include "framework/experiment/schedule/match.h"
#include "framework/models/seq2seq.h"

namespace regard::experiment {
namespace {

// What is remembered beside each parameter and its gradient, in numbers: asked of an optimiser of one parameter.
double state_numbers(const training::TrainingOptions& options) {
  nn::ParamStore one(DType::f32, 0);
  nn::Params(one).add("p", {4, 4}, nn::zeros);
  const training::Averaging optimizer(training::make_optimizer(options.optimizer, one), one, options.averaging);
  double numbers = 0;
  for (const nn::NamedTensor& tensor : optimizer.state()) numbers += static_cast<double>(tensor.value.size());
  return numbers / 16;
}

// Returns the place of the width in the plan: of the system's own key, else of the plan's.
config::Origin place_of_width(const Plan& plan, const System& system) {
  for (const auto& [key, value] : system.overrides) {
    if (key == "model.hidden") return value.origin;
  }
  return config::where(plan.root, "model.hidden");
}

constexpr double kGiga = 1e9;

}  // namespace

double least_training_bytes(const System& system, Index parameters) {
  const auto each = static_cast<double>(size_of(models::arithmetic_of(system.model.precision).dtype));
  return (2 + state_numbers(system.training)) * each * static_cast<double>(parameters);
}

std::string too_little_memory(const Plan& plan, const System& system, const Corpora& corpora,
                              const UsableMemory& usable) {
  std::string need;
  try {
    const Index parameters = parameters_of(system.model, corpora);
    const double bytes = least_training_bytes(system, parameters);
    if (bytes <= static_cast<double>(usable.bytes)) return {};
    need = fmt::format("gives system '{}' {} parameters, whose training needs at least {:.1f} GB", system.name,
                       parameters, bytes / kGiga);
  } catch (const std::bad_alloc&) {
    // If even one gate of the decoder (width x width) fits, the width is not the cause of the failed allocation.
    const auto width = static_cast<double>(system.model.hidden);
    if (least_training_bytes(system, 1) * width * width <= static_cast<double>(usable.bytes)) throw;
    need = fmt::format("gives system '{}' more parameters than this process can address", system.name);
  }
  const config::Origin place = place_of_width(plan, system);
  return fmt::format("{}model.hidden: {} {}, but this process may use {:.1f} GB ({}); choose a smaller width",
                     place.kind == config::Origin::Kind::default_value ? "" : place.text() + ": ",
                     system.model.hidden, need, static_cast<double>(usable.bytes) / kGiga, usable.limit);
}

}  // namespace regard::experiment
