#include "framework/experiment/schedule/cost_estimate.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <chrono>
#include <cmath>
#include <filesystem>

#include "framework/base/errors.h"
#include "framework/base/json.inl"
#include "framework/base/process.h"
#include "framework/experiment/data/data_folder.h"
#include "framework/experiment/data/warnings.h"
#include "framework/experiment/run/provenance.h"
#include "framework/experiment/schedule/memory_need.h"
#include "framework/experiment/schedule/runner.h"
#include "framework/experiment/schedule/worker.h"
#include "framework/tensor/cpu.h"
#include "framework/training/trainer.h"

namespace regard::experiment {
namespace {

using Clock = std::chrono::steady_clock;

// A temporary folder for the resolved plan, which the measuring processes read.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "regard-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw FolderError(name + ": cannot be made");
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const Path& path() const { return path_; }

 private:
  Path path_;
};

// Returns the multiplications and additions of one epoch: for each token 2 for each weight of a matrix forward and 4
// backward. Embeddings are looked up, not multiplied. Scores and contexts of attention are comparatively small and not
// counted.
double flops_of_epoch(const models::Seq2Seq& model, const data::Dataset& train) {
  double source = 0;
  double target = 0;
  for (const nn::Param& param : model.params().all()) {
    if (param.shape().rank() < 2 || param.name().find("/embedding/") != std::string::npos) continue;
    (param.name().starts_with("encoder/") ? source : target) += static_cast<double>(param.value().size());
  }
  const auto words = [](const auto& side, Index sentences) {
    return static_cast<double>(side.tokens() + sentences);
  };
  return 6 * (source * words(train.source, train.size()) + target * words(train.target, train.size()));
}

}  // namespace

Cost cost_estimate(const Plan& plan, const System& system, const Corpora& corpora, double seconds) {
  const data::Dataset& train = corpora.prepared.train;
  const auto seed = static_cast<std::uint64_t>(plan.seeds.front());
  models::Seq2Seq model(system.model, corpora.prepared.source.size(), corpora.prepared.target.size(), seed);
  training::TrainingOptions options = system.training;
  options.epochs = runs::kEndless;
  options.max_updates = 0;
  options.max_tokens = 0;
  options.max_minutes = 0;
  options.patience = 0;
  options.explosion = 0;
  training::Hooks hooks;
  hooks.validate = [](const models::Seq2Seq&) { return training::Validation{1, 0}; };
  constexpr Index kWarmUp = 3;
  Index tokens_before = 0;
  Index done = 0;
  Clock::time_point start;
  double took = 0;
  Index tokens = 0;
  hooks.progress = [&](const training::Progress& now) {
    ++done;
    if (done == kWarmUp) {
      start = Clock::now();
      tokens_before = now.tokens;
    }
    if (done <= kWarmUp) return;
    took = std::chrono::duration<double>(Clock::now() - start).count();
    tokens = now.tokens - tokens_before;
  };
  hooks.stop = [&] { return done > kWarmUp + 1 && took >= seconds; };
  std::vector<data::Alignment> alignments;
  if (options.guided_alignment > 0) alignments = corpora.prepared.gold.in_memory();
  training::Trainer(model, train, options, seed, {}, hooks, alignments).run();

  const training::TrainingOptions& meant = system.training;
  const auto epoch_updates = static_cast<double>(updates_of_epoch(system, corpora, plan.seeds.front()));
  const auto epoch_tokens = static_cast<double>(train.target.tokens() + train.size());
  double epochs = static_cast<double>(meant.most_epochs());
  if (meant.max_updates > 0) epochs = std::min(epochs, static_cast<double>(meant.max_updates) / epoch_updates);
  if (meant.max_tokens > 0) epochs = std::min(epochs, static_cast<double>(meant.max_tokens) / epoch_tokens);
  const double per_epoch = epoch_tokens * took / static_cast<double>(tokens);
  if (meant.max_minutes > 0) epochs = std::min(epochs, 60 * meant.max_minutes / per_epoch);
  return {.system = system.name,
          .parameters = model.params().count(),
          .updates = std::lround(epochs * epoch_updates),
          .flops = epochs * flops_of_epoch(model, train),
          .seconds = epochs * per_epoch,
          .memory_bytes = peak_memory_bytes()};
}

Costs cost_estimate(const Plan& plan, Index threads) {
  const TemporaryFolder folder;
  write_plan(plan, "", {folder.path()});
  Costs costs;
  std::vector<std::string> refused;
  {
    const Corpora corpora = load_corpora(plan, {folder.path()});
    write_data(plan, {folder.path()}, corpora);
    costs.warnings = warnings(plan, corpora);
    for (const System& system : plan.systems) refused.push_back(too_little_memory(plan, system, corpora));
  }
  for (std::size_t at = 0; at < plan.systems.size(); ++at) {
    const System& system = plan.systems[at];
    if (!refused[at].empty()) {
      costs.systems.push_back({.system = system.name, .failure = refused[at]});
      continue;
    }
    Process process(
        {this_program(), "worker", folder.path().string(), system.name, "measure"},
        {fmt::format("OMP_NUM_THREADS={}", threads), fmt::format("REGARD_ISA={}", name_of(instruction_set()))});
    std::vector<std::string> lines;
    while (process.read_lines(lines)) {
    }
    process.wait();
    Cost cost{.system = system.name};
    cost.failure = "the measuring process gave no result";
    for (const std::string& line : lines) {
      nlohmann::json json;
      try {
        json = parse_json(line);
      } catch (const JsonError&) {  // a line that a plug-in printed
      }
      const auto event = from_line(line);
      if (json.is_object() && json.contains("cost")) {
        const auto& given = json["cost"];
        cost.parameters = given.value("parameters", Index{0});
        cost.updates = given.value("updates", Index{0});
        cost.flops = given.value("flops", 0.0);
        cost.seconds = given.value("seconds", 0.0);
        cost.memory_bytes = given.value("memory_bytes", Index{0});
        cost.failure.clear();
      } else if (event && std::holds_alternative<RunFailed>(*event)) {
        cost.failure = std::get<RunFailed>(*event).reason;
      }
    }
    costs.systems.push_back(std::move(cost));
  }
  return costs;
}

std::string to_json(const Cost& cost) {
  const nlohmann::json json = {{"cost",
                                {{"parameters", cost.parameters},
                                 {"updates", cost.updates},
                                 {"flops", cost.flops},
                                 {"seconds", cost.seconds},
                                 {"memory_bytes", cost.memory_bytes}}}};
  return json.dump() + "\n";
}

}  // namespace regard::experiment
