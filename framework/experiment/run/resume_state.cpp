#include "framework/experiment/run/resume_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <system_error>
#include <vector>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/section.h"
#include "framework/config/write.h"
#include "framework/runs/results_json.h"

namespace regard::experiment {
namespace {

using config::Node;

// Returns the dotted key of the first value in which two trees differ; empty if they are equal.
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

// Keys of the training's length. A larger value only continues the training.
constexpr std::array<const char*, 3> kLengths{"epochs", "max_updates", "patience"};

Index length_of(const Node& identity, const char* key) {
  const Node* node = identity.find(fmt::format("training.{}", key));
  Index length = 0;
  if (node != nullptr) std::from_chars(node->scalar.data(), node->scalar.data() + node->scalar.size(), length);
  return length == 0 ? std::numeric_limits<Index>::max() : length;  // 0: no limit
}

// Returns the first length that is shorter in `now`. A longer training cannot be used as the shorter one, because its
// best checkpoint may come after the shorter one's end.
std::string first_shortened(const Node& before, const Node& now) {
  for (const char* key : kLengths) {
    if (length_of(now, key) < length_of(before, key)) return fmt::format("training.{}", key);
  }
  return {};
}

// Keys that training does not read, and the subset of them that names the test sets. The hashes of the files that such
// a key names are ignored with it.
constexpr std::array<const char*, 6> kUntrained{
    "decoding", "report", "data.files.test", "data.files.tokenized", "data.join.test", "data.files.name"};
constexpr std::array<const char*, 4> kTests{"data.files.test", "data.files.tokenized", "data.join.test",
                                            "data.files.name"};

bool is_within(const std::string& key, const std::string& section) {
  return key == section || key.starts_with(section + ".");
}

// Returns the identity without `keys` and without the files that they name.
template <std::size_t N>
Node without(Node identity, const std::array<const char*, N>& keys) {
  for (const std::string key : keys) {
    const std::size_t dot = key.rfind('.');
    Node* section = &identity;
    for (std::size_t at = 0; dot != std::string::npos && at < dot && section != nullptr;) {
      const std::size_t end = std::min(key.find('.', at), dot);
      section = section->get(key.substr(at, end - at));
      at = end + 1;
    }
    if (section != nullptr && section->kind == Node::Kind::map)
      section->put(dot == std::string::npos ? key : key.substr(dot + 1), config::make_null());
    if (Node* files = identity.get("files")) {
      std::erase_if(files->entries, [&](const Node::Entry& entry) { return is_within(entry.key, key); });
    }
  }
  return identity;
}

Node without_tests(Node identity) { return without(std::move(identity), kTests); }

// Returns the part of the identity that determines a training: without its length, the test sets and the report's
// options; of the decoding options only those that validation uses.
Node training_of(const Node& identity) {
  Node training = without(identity, kUntrained);
  if (Node* lengths = training.get("training")) {
    for (const char* key : kLengths) lengths->put(key, config::make_null());
  }
  if (const Node* decoding = identity.get("decoding")) {
    const auto search = config::parse(config::Section(*decoding, "decoding"), decoding::search_rows());
    training.put("decoding", config::to_node(decoding::search_rows(), decoding::validation_of(search)));
  }
  if (const Node* files = training.get("files"); files != nullptr && files->entries.empty())
    training.erase("files");
  return training;
}

// Returns whether every test set that both have still has the same text, alignment and tokenised form. The paths of
// the files may differ.
bool tests_hold_the_same(const Node& before, const Node& now) {
  for (const char* section : {"data.files.test", "data.files.tokenized"}) {
    const auto contents = [section](const Node& identity) {
      std::map<std::string, std::vector<std::string>> all;
      const Node* tests = identity.find(section);
      const Node* files = identity.get("files");
      if (tests == nullptr) return all;
      for (const Node::Entry& test : tests->entries) {
        const std::string key = fmt::format("{}.{}", section, test.key);
        auto& hashes = all[test.key];
        hashes.push_back(
            fmt::format("{} files", test.value.items.size()));  // an alignment file may have been added
        for (std::size_t i = 0; files != nullptr && i < files->entries.size(); ++i) {
          if (is_within(files->entries[i].key, key)) hashes.push_back(files->entries[i].value.scalar);
        }
      }
      return all;
    };
    const auto old = contents(before);
    const auto all = contents(now);
    const Node* named = before.find("data.files.test");
    for (const auto& [name, hashes] : all) {
      const bool known = named != nullptr && named->get(name) != nullptr;
      const auto found = old.find(name);
      if (known && (found == old.end() || found->second != hashes)) return false;
    }
    const Node* kept = now.find("data.files.test");
    for (const auto& [name, hashes] : old) {
      if (!all.contains(name) && kept != nullptr && kept->get(name) != nullptr) return false;
    }
  }
  return true;
}

// Reads run.yaml with the current rows. A key that is missing, because an older version did not have it, gets its
// default.
Node read_identity(const std::string& text, const std::string& path) {
  Node before = config::parse_yaml(text, path);
  const Node* format = before.get("format");
  if (format != nullptr && format->scalar != runs::kFormat) {
    throw ConfigError(
        fmt::format("{}: format {}, but this version reads {}", path, format->scalar, runs::kFormat));
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

// Returns the hashes of the files that a run reads, by key. A missing file has the hash in `before`.
Node file_hashes(const Plan& plan, const System& system, const Node* before, ContentHashes& hashes) {
  const Node* known = before == nullptr ? nullptr : before->get("files");
  const InputFiles named = input_files(plan, system);
  const auto now = hashes.of(named);
  Node files = config::make_map();
  for (const auto& [key, file] : named) {
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
  Node files = file_hashes(plan, system, before, hashes);
  if (!files.entries.empty()) identity.put("files", std::move(files));
  return identity;
}

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

// Adds to `before` the hashes of `now` that are missing in it, because a folder of an older version has no hashes; a
// different path is found as a different value of its key. Returns whether any were added.
bool fill_hashes(Node& before, const Node& now) {
  const Node* files = now.get("files");
  if (files == nullptr) return false;
  const Node empty = config::make_map();
  const Node old = before.get("files") == nullptr ? empty : *before.get("files");
  Node all = config::make_map();
  for (const Node::Entry& entry : files->entries) {
    const Node* known = old.get(entry.key);
    all.put(entry.key, known == nullptr ? entry.value : *known);
  }
  const bool filled = std::any_of(files->entries.begin(), files->entries.end(),
                                  [&](const Node::Entry& entry) { return old.get(entry.key) == nullptr; });
  for (const Node::Entry& entry : old.entries) {
    if (all.get(entry.key) == nullptr) all.put(entry.key, entry.value);
  }
  before.put("files", std::move(all));
  return filled;
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
    before = read_identity(*text, file);
  } catch (const ConfigError& error) {
    if (retrain) return ResumeState::discarded;
    throw FolderError(fmt::format(
        "{}: was made by another version of regard ({}); keep it with --out FOLDER, or discard it and train "
        "again with --retrain",
        paths.folder.string(), error.what()));
  }
  // `now` is written and read again, so that it can be compared with `before`.
  const Node now = config::parse_yaml(config::to_yaml(identity_with(plan, system, seed, &before, hashes)), "plan");
  const bool filled = fill_hashes(before, now);
  const auto status = status_of(paths);
  if (retrain && status && !status->finished) return ResumeState::discarded;
  // Without hashes in an older folder, write_data compares the text first; until then the run is not finished.
  if (config::same(before, now))
    return status && status->finished && !filled ? ResumeState::finished : ResumeState::missing;

  std::string key = first_difference(training_of(before), training_of(now));
  if (key.empty()) key = first_shortened(before, now);
  if (key.empty()) {
    const bool only_tests = config::same(without_tests(before), without_tests(now));
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
  Node before = read_identity(read_file(paths.identity()), paths.identity().string());
  ContentHashes hashes;
  Node now = config::parse_yaml(config::to_yaml(identity_with(plan, system, seed, &before, hashes)), "plan");
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
  if (!text) return identity_with(plan, system, seed, nullptr, hashes);
  const Node before = config::parse_yaml(*text, paths.identity().string());
  return identity_with(plan, system, seed, &before, hashes);
}

bool is_begun(const runs::RunPaths& paths) {
  return std::filesystem::exists(paths.last_checkpoint()) || std::filesystem::exists(paths.previous_checkpoint());
}

}  // namespace regard::experiment
