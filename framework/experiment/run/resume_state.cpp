#include "framework/experiment/run/resume_state.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/section.h"
#include "framework/config/write.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

using config::Node;

// Of run.yaml and what it means for the files beside it. A new number goes with a change that an older folder does
// not survive.

// The dotted key of the first value in which two trees differ; empty where they agree.
std::string first_difference(const Node& a, const Node& b, const std::string& path = "") {
  if (config::same(a, b)) return {};
  if (a.kind != Node::Kind::map || b.kind != Node::Kind::map) return path;
  for (const Node::Entry& entry : a.entries) {
    std::string key = config::join_key(path, entry.key);
    const Node* other = b.get(entry.key);
    if (other == nullptr) return key;
    if (std::string found = first_difference(entry.value, *other, key); !found.empty()) return found;
  }
  for (const Node::Entry& entry : b.entries) {
    if (a.get(entry.key) == nullptr) return config::join_key(path, entry.key);
  }
  return path;
}

// Keys that only lengthen a training, and so let it go on.
constexpr std::array<const char*, 3> kLengths{"epochs", "max_updates", "patience"};

Index length_of(const Node& identity, const char* key) {
  const Node* node = identity.find(fmt::format("training.{}", key));
  Index length = 0;
  if (node != nullptr) std::from_chars(node->scalar.data(), node->scalar.data() + node->scalar.size(), length);
  return length == 0 ? std::numeric_limits<Index>::max() : length;  // 0 is no limit
}

// The first length that `now` has less of. A shorter training is no part of a longer one: the best checkpoint may
// lie behind its end.
std::string first_shortened(const Node& before, const Node& now) {
  for (const char* key : kLengths) {
    if (length_of(now, key) < length_of(before, key)) return fmt::format("training.{}", key);
  }
  return {};
}

Node without_tests(Node identity) {
  Node* data = identity.get("data");
  Node* files = data == nullptr ? nullptr : data->get("files");
  if (files != nullptr) files->put("test", config::make_null());
  if (Node* join = data == nullptr ? nullptr : data->get("join")) join->put("test", config::make_null());
  return identity;
}

// What a training is a training of: without its length, the decoding, the test sets and what the report keeps.
Node training_of(Node identity) {
  for (const char* key : {"decoding", "report"}) identity.put(key, config::make_null());
  if (Node* training = identity.get("training")) {
    for (const char* key : kLengths) training->put(key, config::make_null());
  }
  identity = without_tests(std::move(identity));
  Node* data = identity.get("data");
  if (Node* files = data == nullptr ? nullptr : data->get("files")) files->put("tokenized", config::make_null());
  return identity;
}

// What stands in run.yaml, read by today's rows: a key that regard did not have then has its default.
Node read_identity(const std::string& text, const std::string& path) {
  Node before = config::parse_yaml(text, path);
  const Node* format = before.get("format");
  if (format != nullptr && format->scalar != runs::kFormat) {
    throw ConfigError(
        fmt::format("{}: format {}, and this version knows {}", path, format->scalar, runs::kFormat));
  }
  before.put("format", config::make_plain(std::string(runs::kFormat)));
  const auto fill = [&before](const char* key, const auto& rows) {
    const Node* node = before.get(key);
    const Node empty = config::make_map();
    before.put(key,
               config::to_node(rows, config::parse(config::Section(node == nullptr ? empty : *node, key), rows)));
  };
  fill("data", data::data_rows());
  fill("model", models::model_rows());
  fill("training", training::training_rows());
  fill("decoding", decoding::search_rows());
  return config::parse_yaml(config::to_yaml(before), path);
}

// The hashes of the files that a run begins from, by key; of one that is gone what `before` says.
Node file_hashes(const System& system, const Node* before, ContentHashes& hashes) {
  const Node* known = before == nullptr ? nullptr : before->get("files");
  const auto now = hashes.of(system);
  Node files = config::make_map();
  for (const auto& [key, file] : input_files(system)) {
    const auto found = now.find(key);
    const Node* old = known == nullptr ? nullptr : known->get(key);
    if (found != now.end()) {
      files.put(key, config::make_text(found->second));
    } else if (old != nullptr) {
      files.put(key, *old);
    }
  }
  return files;
}

Node identity_with(const Plan& plan, const System& system, Index seed, const Node* before, ContentHashes& hashes) {
  Node identity = config::make_map();
  identity.put("format", config::make_plain(std::string(runs::kFormat)));
  identity.put("data", config::to_node(data::data_rows(), plan.data));
  identity.put("model", config::to_node(models::model_rows(), system.model));
  identity.put("training", config::to_node(training::training_rows(), system.training));
  identity.put("decoding", config::to_node(decoding::search_rows(), system.decoding));
  if (system.model.attention.name != "none") {
    Node report = config::make_map();
    report.put("attention_sentences", config::make_plain(fmt::format("{}", plan.report.attention_sentences)));
    identity.put("report", std::move(report));
  }
  identity.put("seed", config::make_plain(fmt::format("{}", seed)));
  if (const auto used = plugins_of(plan, system); !used.empty()) {
    Node plugins = config::make_map();
    for (const auto& [name, hash] : used) plugins.put(name, config::make_text(hash));
    identity.put("plugins", std::move(plugins));
  }
  Node files = file_hashes(system, before, hashes);
  if (!files.entries.empty()) identity.put("files", std::move(files));
  return identity;
}

// FolderError where a file that the training began from holds something else now.
void require_same_files(const Node& before, const Node& now, const System& system, const runs::RunPaths& paths) {
  const Node* then = before.get("files");
  const Node* files = now.get("files");
  if (then == nullptr || files == nullptr) return;
  for (const auto& [key, file] : input_files(system)) {
    const Node* old = then->get(key);
    const Node* hash = files->get(key);
    if (old == nullptr || hash == nullptr || old->scalar == hash->scalar) continue;
    throw FolderError(
        fmt::format("{}: began from {} {}, which has changed since (sha256 {:.12} then, {:.12} now); keep it with "
                    "--out FOLDER, "
                    "or discard it and train again with --retrain",
                    paths.folder.string(), key, file.given, old->scalar, hash->scalar));
  }
}

std::optional<runs::Status> status_of(const runs::RunPaths& paths) {
  return runs::read_if_exists<runs::Status>(paths.status());
}

void discard(const Path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  // A file where the run's folder should be is for the run to say.
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
    before = read_identity(*text, file);
  } catch (const ConfigError& error) {
    if (retrain) return ResumeState::discarded;
    throw FolderError(fmt::format(
        "{}: was made by another version of regard ({}); keep it with --out FOLDER, or discard it and train "
        "again with --retrain",
        paths.folder.string(), error.what()));
  }
  // Written and read again, as what stands there was.
  const Node now = config::parse_yaml(config::to_yaml(identity_with(plan, system, seed, &before, hashes)), "plan");
  // An older folder does not say what its files held.
  if (const Node* files = now.get("files"); files != nullptr && before.get("files") == nullptr) {
    before.put("files", *files);
  }
  const auto status = status_of(paths);
  if (retrain && status && !status->finished) return ResumeState::discarded;
  if (config::same(before, now)) return status && status->finished ? ResumeState::finished : ResumeState::missing;

  std::string key = first_difference(training_of(before), training_of(now));
  if (key.empty()) key = first_shortened(before, now);
  if (key.empty())
    return config::same(without_tests(before), without_tests(now)) ? ResumeState::tests_differ
                                                                   : ResumeState::stale;
  if (retrain) return ResumeState::discarded;
  if (key.starts_with("files")) require_same_files(before, now, system, paths);
  const auto value = [&key](const Node& tree) {
    const Node* node = tree.find(key);
    if (node == nullptr || node->kind == Node::Kind::null) return std::string("nothing");
    return node->kind == Node::Kind::scalar ? config::describe(*node) : config::on_one_line(*node);
  };
  throw FolderError(
      fmt::format("{}: was trained with {} {}, the plan now says {}; keep it with --out FOLDER, or discard "
                  "it and train again with --retrain",
                  paths.folder.string(), key, value(before), value(now)));
}

void clear(const runs::RunPaths& paths, ResumeState stand) {
  if (stand == ResumeState::finished) return;
  if (stand == ResumeState::discarded) return discard(paths.folder);
  discard(paths.status());  // first: without it nothing else counts as finished
  if (stand != ResumeState::stale) return;
  discard(paths.scores());  // before what it vouches for
  discard(paths.folder / "hypotheses");
  discard(paths.folder / "attention");
}

config::Node identity_of(const Plan& plan, const System& system, Index seed, const runs::RunPaths& paths,
                         ContentHashes& hashes) {
  const auto text = read_if_exists(paths.identity());
  if (!text) return identity_with(plan, system, seed, nullptr, hashes);
  const Node before = config::parse_yaml(*text, paths.identity().string());
  return identity_with(plan, system, seed, &before, hashes);
}

bool is_begun(const runs::RunPaths& paths) {
  return std::filesystem::exists(paths.last_checkpoint()) || std::filesystem::exists(paths.previous_checkpoint());
}

}  // namespace regard::experiment
