#include "framework/experiment/run/run.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "framework/config/write.h"
#include "framework/experiment/run/provenance.h"
#include "framework/experiment/run/resume_state.h"
#include "framework/experiment/run/stages.h"
#include "framework/models/word_vectors.h"
#include "framework/plugins/check_record.h"
#include "framework/runs/digest.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

const runs::RunPaths& made(const runs::RunPaths& paths) {
  make_folder(paths.checkpoints());
  return paths;
}

// Returns the manifest before training, with the measurements of an earlier process of the same run.
runs::Manifest first_manifest(const RunUnderWay& run, const runs::RunFolder& folder) {
  runs::Manifest manifest = describe_build();
  manifest.precision = name_of(run.model.arithmetic());
  count_parameters(run.model.params(), manifest);
  manifest.attention_by = attention_by(run.system.model);
  manifest.best_by = training::name_of(run.system.training.best_by);
  manifest.plugins = plugins_of(run.plan, run.system);
  if (const auto library = attention_plugin_of(run.plan, run.system)) {
    const std::string& variant = run.system.model.attention.name;
    manifest.plugin_checks[variant] = plugins::check_outcome(*library, variant);
  }
  const auto& train = run.corpora.prepared.train;
  manifest.flops_per_token = flops_per_token(run.model.params(), train.source.tokens() + train.size(),
                                             train.target.tokens() + train.size(), train.size(),
                                             run.model.decoder().has_attention() ? run.system.model.hidden : 0);
  manifest.not_portable = why_not_portable(run.system.model.precision);
  if (const auto before = runs::read_if_exists<runs::Manifest>(run.paths.manifest())) {
    if (manifest.not_portable.empty() && !before->portable && is_begun(run.paths)) {
      manifest.not_portable = before->not_portable.empty()
                                  ? "its training was begun by an earlier version of regard"
                                  : before->not_portable;
    }
    manifest.started = before->started;
    manifest.decoded = before->decoded;
    manifest.cut = before->cut;
    manifest.decoding_seconds = before->decoding_seconds;
    manifest.peak_memory_bytes = before->peak_memory_bytes;
  }
  manifest.portable = manifest.not_portable.empty();
  manifest.run_hash = sha256_file(run.paths.identity());
  if (std::filesystem::exists(folder.data_facts())) manifest.data_hash = sha256_file(folder.data_facts());
  return manifest;
}

void fail(RunUnderWay& run, runs::Status& status, const std::string& reason) {
  status.finished = false;
  status.reason = reason;
  write_file(run.paths.status(), to_json(status));
  run.log.line("failed: {}", reason);
}

// Writes facts.json after all other files, because the facts are computed from them; not without the folder of a plan.
void write_facts(RunUnderWay& run, const runs::RunFolder& folder) {
  if (!std::filesystem::exists(folder.data_facts())) return;
  const runs::RunFacts facts{runs::facts_from_files(folder.folder, run.system.name, run.seed)};
  write_file(run.paths.facts(), to_json(facts));
  for (const runs::RunFact& fact : facts.facts) run.log.line("{}", fact.text);
}

}  // namespace

void RunUnderWay::write_manifest() {
  manifest.peak_memory_bytes = std::max(manifest.peak_memory_bytes, peak_memory_bytes());
  write_file(paths.manifest(), to_json(manifest));
}

void RunUnderWay::say(const std::string& stage) {
  log.line("{}", stage);
  if (hooks.event) hooks.event(StageBegan{stage});
}

RunOutcome do_run(const Plan& plan, const System& system, Index seed, const Corpora& corpora,
                  const runs::RunFolder& folder, const RunHooks& hooks) {
  const data::Prepared& prepared = corpora.prepared;
  const runs::RunPaths paths = folder.run(system.name, seed);
  RunUnderWay run{.plan = plan,
                  .system = system,
                  .seed = seed,
                  .corpora = corpora,
                  .paths = paths,
                  .hooks = hooks,
                  .model = models::Seq2Seq(system.model, prepared.source.size(), prepared.target.size(),
                                           static_cast<std::uint64_t>(seed)),
                  .log = RunLog(made(paths).log()),
                  .manifest = {},
                  .events = {}};
  if (system.training.guided_alignment > 0 && corpora.prepared.gold.empty()) {
    throw DataError(
        "training.guided_alignment: the training text has no word alignments; give them as the third file of "
        "data.files.train, or set it to 0");
  }
  // Initial values of the parameters, for the log.
  const std::vector<std::string> first_values =
      models::fit_to_vocabularies(system.model, prepared.source, prepared.target, run.model.params());
  ContentHashes hashes(folder);
  std::filesystem::remove(paths.facts());  // they belong to the files as they were
  write_file(paths.identity(), config::to_yaml(identity_of(plan, system, seed, paths, hashes)));
  run.manifest = first_manifest(run, folder);
  run.write_manifest();
  run.log.line("{} seed {}: {} parameters, {} threads", system.name, seed, run.manifest.parameters,
               run.manifest.threads);
  if (const auto why = models::why_not(system.model.precision)) run.log.line("model.precision: {}", *why);
  for (const std::string& sentence : first_values) run.log.line("{}", sentence);
  runs::Status status;
  try {
    run.say("training");
    if (!train(run, status)) return RunOutcome::interrupted;
    if (!decode(run, status.updates)) return RunOutcome::interrupted;
    status.finished = true;
  } catch (const CheckpointError& error) {
    const std::string reason = fmt::format("{}; --retrain trains this run again from the start", error.what());
    fail(run, status, reason);
    throw CheckpointError(reason);
  } catch (const NonFiniteError& error) {
    status.stopped = runs::kDiverged;
    fail(run, status, error.what());
    throw;
  } catch (const Error& error) {
    fail(run, status, error.what());
    throw;
  }
  run.manifest.finished = now_utc();
  run.manifest.files = runs::hashes_of(paths.folder);
  run.write_manifest();
  write_file(paths.status(), to_json(status));
  run.log.line("finished: {} after {} updates, best in epoch {}", status.stopped, status.updates,
               status.best_epoch);
  write_facts(run, folder);
  return RunOutcome::finished;
}

}  // namespace regard::experiment
