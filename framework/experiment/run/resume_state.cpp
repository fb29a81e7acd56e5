#include "framework/experiment/run/resume_state.h"

#include <fmt/format.h>

#include <optional>
#include <system_error>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/write.h"
#include "framework/experiment/run/record.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

using config::Node;

// FolderError if an input file of the training has changed.
void require_same_files(const Node& before, const Node& now, const InputFiles& named,
                        const runs::RunPaths& paths) {
  const Node* then = before.get("files");
  const Node* files = now.get("files");
  if (then == nullptr || files == nullptr) return;
  for (const auto& [key, file] : named) {
    const Node* old = then->get(key);
    const Node* hash = files->get(key);
    if (old == nullptr || hash == nullptr || old->scalar == hash->scalar) continue;
    throw FolderError(
        fmt::format("{}: was trained with {} {}, which has changed since (sha256 {:.12} then, {:.12} "
                    "now); keep it with --out FOLDER, or discard it and train again with --retrain",
                    paths.folder.string(), key, file.given, old->scalar, hash->scalar));
  }
}

// Returns a value as text for a message.
std::string value_at(const Node& tree, const std::string& key) {
  const Node* node = tree.find(key);
  if (node == nullptr || node->kind == Node::Kind::null) return "nothing";
  return node->kind == Node::Kind::scalar ? config::describe(*node) : config::on_one_line(*node);
}

std::optional<runs::Status> status_of(const runs::RunPaths& paths) {
  return runs::read_if_exists<runs::Status>(paths.status());
}

void discard(const Path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  // A file in place of the run's folder is reported later by the run.
  if (!error || error == std::errc::not_a_directory) return;
  throw FolderError(fmt::format("{}: cannot be removed: {}", path.string(), cause_of(error.value())));
}

}  // namespace

bool is_finished(const runs::RunPaths& paths) {
  const auto status = status_of(paths);
  return status && status->finished;
}

ResumeState resume_state_of(const Plan& plan, const System& system, Index seed, const runs::RunFolder& folder,
                            bool retrain, ContentHashes& hashes) {
  const runs::RunPaths paths = folder.run(system.name, seed);
  const std::string file = paths.identity().string();
  const auto text = read_if_exists(paths.identity());
  if (!text) return ResumeState::missing;
  Node before;
  try {
    before = read_record(*text, file);
  } catch (const ConfigError& error) {
    if (retrain) return ResumeState::discarded;
    throw FolderError(fmt::format(
        "{}: was made by another version of regard ({}); keep it with --out FOLDER, or discard it and train "
        "again with --retrain",
        paths.folder.string(), error.what()));
  }
  // `now` is written and read again, so that it can be compared with `before`.
  const Node now = config::parse_yaml(config::to_yaml(record_of(plan, system, seed, &before, hashes)), "plan");
  const bool filled = fill_hashes(before, now);
  const auto status = status_of(paths);
  if (retrain && status && !status->finished) return ResumeState::discarded;
  // Without hashes in an older folder, write_data compares the text first; until then the run is not finished.
  if (config::same(before, now))
    return status && status->finished && !filled ? ResumeState::finished : ResumeState::missing;

  const Node held = without_names(before, now);
  const Node asked = without_names(now, before);
  std::string key = first_difference(training_of(held), training_of(asked));
  if (key.empty()) key = first_shortened(before, now);
  if (key.empty()) {
    const bool only_tests = config::same(without_tests(held), without_tests(asked));
    return only_tests && tests_hold_the_same(before, now) ? ResumeState::tests_differ : ResumeState::stale;
  }
  if (retrain) return ResumeState::discarded;
  if (key.starts_with("files")) require_same_files(before, now, input_files(plan, system), paths);
  throw FolderError(
      fmt::format("{}: was trained with {} {}, but the plan now has {}; keep it with --out FOLDER, or discard "
                  "it and train again with --retrain",
                  paths.folder.string(), key, value_at(before, key), value_at(now, key)));
}

std::string difference_from(const Plan& plan, const System& system, Index seed, const runs::RunPaths& paths) {
  Node before = read_record(read_file(paths.identity()), paths.identity().string());
  ContentHashes hashes;
  Node now = config::parse_yaml(config::to_yaml(record_of(plan, system, seed, &before, hashes)), "plan");
  for (Node* identity : {&before, &now}) identity->put("files", config::make_null());
  const std::string key = first_difference(before, now);
  if (key.empty()) return {};
  return fmt::format("has {} {}, but the plan has {}", key, value_at(before, key), value_at(now, key));
}

void clear(const runs::RunPaths& paths, ResumeState stand) {
  if (stand == ResumeState::finished) return;
  if (stand == ResumeState::discarded) return discard(paths.folder);
  discard(paths.status());  // first, because the run is not finished without it
  if (stand != ResumeState::stale) return;
  discard(paths.scores());  // before the files that it describes
  discard(paths.folder / "hypotheses");
  discard(paths.folder / "attention");
}

config::Node identity_of(const Plan& plan, const System& system, Index seed, const runs::RunPaths& paths,
                         ContentHashes& hashes) {
  const auto text = read_if_exists(paths.identity());
  if (!text) return record_of(plan, system, seed, nullptr, hashes);
  const Node before = config::parse_yaml(*text, paths.identity().string());
  return record_of(plan, system, seed, &before, hashes);
}

bool is_begun(const runs::RunPaths& paths) {
  return std::filesystem::exists(paths.last_checkpoint()) || std::filesystem::exists(paths.previous_checkpoint());
}

}  // namespace regard::experiment
