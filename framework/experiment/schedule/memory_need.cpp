#include "framework/experiment/schedule/memory_need.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <new>

#include "framework/base/errors.h"
#include "framework/config/section.h"
#include "framework/data/batch.h"
#include "framework/experiment/schedule/match.h"
#include "framework/models/seq2seq.h"

namespace regard::experiment {
namespace {

// Returns how many numbers the optimiser and the averages keep for each parameter. An optimiser of one parameter tells it.
double state_numbers(const training::TrainingOptions& options) {
  nn::ParamStore one(DType::f32, 0);
  nn::Params(one).add("p", {4, 4}, nn::zeros);
  const training::Averaging optimizer(training::make_optimizer(options.optimizer, one), one, options.averaging);
  double numbers = 0;
  for (const nn::NamedTensor& tensor : optimizer.state()) numbers += static_cast<double>(tensor.value.size());
  return numbers / 16;
}

constexpr double kGiga = 1e9;

std::string prefix(const config::Origin& place) {
  return place.kind == config::Origin::Kind::default_value ? "" : place.text() + ": ";
}

// The least memory of one run, in bytes.
struct Need {
  Index parameters = 0;  // their number
  double training = 0;   // parameters, gradients and the optimiser
  BatchTokens largest;
  double batch = 0;  // of the largest batch

  [[nodiscard]] double all() const { return training + batch; }
};

Need need_of(const Plan& plan, const System& system, const Corpora& corpora) {
  Need need;
  need.parameters = parameters_of(system.model, corpora);
  need.training = least_training_bytes(system, need.parameters);
  need.largest = largest_batch(system, corpora, plan.seeds.front());
  need.batch = least_batch_bytes(system, need.largest);
  return need;
}

// Returns the message of too_little_memory(). Sets `need` if the message is empty.
std::string too_little(const Plan& plan, const System& system, const Corpora& corpora, const UsableMemory& usable,
                       Need& need) {
  const auto most = static_cast<double>(usable.bytes);
  std::string of_width;
  try {
    need = need_of(plan, system, corpora);
    if (need.all() <= most) return {};
    if (need.training <= most) {
      return fmt::format(
          "{}training.batch: system '{}' takes {:.1f} GB and its largest batch ({} source and {} target tokens) {:.1f} "
          "GB more at least, and this process may take {:.1f} GB ({}); choose a smaller one",
          prefix(place_of(plan, system, "training.batch")), system.name, need.training / kGiga,
          need.largest.source, need.largest.target, need.batch / kGiga, most / kGiga, usable.limit);
    }
    of_width = fmt::format("gives system '{}' {} parameters, whose training needs at least {:.1f} GB", system.name,
                           need.parameters, need.training / kGiga);
  } catch (const std::bad_alloc&) {
    // If even one gate of the decoder (width x width) fits, the width is not the cause of the failed allocation.
    const auto width = static_cast<double>(system.model.hidden);
    if (least_training_bytes(system, 1) * width * width <= most) throw;
    of_width = fmt::format("gives system '{}' more parameters than this process can address", system.name);
  }
  return fmt::format("{}model.hidden: {} {}, but this process may use {:.1f} GB ({}); choose a smaller width",
                     prefix(place_of(plan, system, "model.hidden")), system.model.hidden, of_width, most / kGiga,
                     usable.limit);
}

}  // namespace

double least_training_bytes(const System& system, Index parameters) {
  const auto each = static_cast<double>(size_of(models::arithmetic_of(system.model.precision).dtype));
  return (2 + state_numbers(system.training)) * each * static_cast<double>(parameters);
}

BatchTokens largest_batch(const System& system, const Corpora& corpora, Index seed) {
  const data::Dataset& train = corpora.prepared.train;
  const training::TrainingOptions& options = system.training;
  const auto all = static_cast<double>(train.size());
  if (train.size() > data::kWindow) {
    const double target = static_cast<double>(train.target.tokens()) / all + 1;  // </s> counted
    const double source = static_cast<double>(train.source.tokens()) / all + 1;
    const double sentences = options.batch.tokens > 0 ? static_cast<double>(options.batch.tokens) / target
                                                      : static_cast<double>(options.batch.sentences);
    return {static_cast<Index>(sentences * source), static_cast<Index>(sentences * target)};
  }
  const auto order =
      data::training_order(train, options.batch, options.data_seed.value_or(static_cast<std::uint64_t>(seed)), 0);
  const data::Encoded source(train.source);
  const data::Encoded target(train.target);
  const Index batches =
      options.max_updates > 0 ? std::min(order.size(), options.max_updates * options.accumulate) : order.size();
  BatchTokens largest;
  for (Index b = 0; b < batches; ++b) {
    BatchTokens tokens;
    for (const Index pair : order[b]) {
      tokens.source += source.length(pair) + 1;
      tokens.target += target.length(pair) + 1;
    }
    if (tokens.source + tokens.target > largest.source + largest.target) largest = tokens;
  }
  return largest;
}

double least_batch_bytes(const System& system, const BatchTokens& batch) {
  const models::ModelOptions& model = system.model;
  constexpr Index kCell = 6;  // of each unit: an LSTM's four gates and two states; a GRU has no less
  const Index source = model.embedding + model.encoder.layers * kCell * models::encoder_width(model);
  const Index target =
      model.embedding + model.decoder.layers * kCell * model.hidden + 2 * models::readout_width(model);
  const auto each = static_cast<double>(size_of(models::arithmetic_of(model.precision).dtype));
  return each * (static_cast<double>(batch.source) * static_cast<double>(source) +
                 static_cast<double>(batch.target) * static_cast<double>(target));
}

double least_run_bytes(const Plan& plan, const System& system, const Corpora& corpora) {
  return need_of(plan, system, corpora).all();
}

std::string too_little_memory(const Plan& plan, const System& system, const Corpora& corpora,
                              const UsableMemory& usable) {
  Need need;
  return too_little(plan, system, corpora, usable, need);
}

Index jobs_that_fit(std::vector<double> run_bytes, Index jobs, const UsableMemory& shared) {
  std::sort(run_bytes.begin(), run_bytes.end(), std::greater<>());
  double sum = 0;
  Index fit = 0;
  for (; fit < std::min(jobs, static_cast<Index>(run_bytes.size())); ++fit) {
    sum += run_bytes[static_cast<std::size_t>(fit)];
    if (sum > static_cast<double>(shared.bytes)) break;
  }
  return std::max<Index>(fit, 1);
}

Index require_memory(const Plan& plan, const Corpora& corpora, const RunRequest& request,
                     const std::vector<RunName>& runs) {
  std::map<std::string, Need> needs;
  std::vector<double> bytes;
  const UsableMemory usable = usable_memory();
  for (const auto& [name, seed] : runs) {
    const auto [need, fresh] = needs.try_emplace(name);
    if (fresh) {
      const std::string why = too_little(plan, system_named(plan, name), corpora, usable, need->second);
      if (!why.empty()) throw ConfigError(why);
    }
    bytes.push_back(need->second.all());
  }
  const UsableMemory shared = shared_memory();
  const Index jobs = jobs_of(request, static_cast<Index>(runs.size()));
  const Index fit = jobs_that_fit(bytes, jobs, shared);
  if (fit < jobs && request.jobs > 0) {
    throw ConfigError(fmt::format(
        "--jobs {}: so many of these runs at a time take more than the {:.1f} GB that they may take together ({}); {} "
        "may fit",
        request.jobs, static_cast<double>(shared.bytes) / kGiga, shared.limit, fit));
  }
  return fit < jobs ? fit : request.jobs;
}

}  // namespace regard::experiment
