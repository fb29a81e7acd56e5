#include "framework/experiment/run/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <vector>

#include "framework/base/errors.h"
#include "framework/config/section.h"
#include "framework/config/write.h"

namespace regard::experiment {
namespace {

using config::Node;

// Keys of the training's length. A larger value only continues the training.
constexpr std::array<const char*, 3> kLengths{"epochs", "max_updates", "patience"};

Index length_of(const Node& identity, const char* key) {
  const Node* node = identity.find(fmt::format("training.{}", key));
  Index length = 0;
  if (node != nullptr) std::from_chars(node->scalar.data(), node->scalar.data() + node->scalar.size(), length);
  return length == 0 ? std::numeric_limits<Index>::max() : length;  // 0: no limit
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

// The value of a dotted key, whose numbers are places in lists, from 1; nullptr where there is none.
Node* value_of(Node& tree, std::string_view dotted) {
  Node* node = &tree;
  while (node != nullptr && !dotted.empty()) {
    const std::string_view part = dotted.substr(0, dotted.find('.'));
    dotted.remove_prefix(std::min(part.size() + 1, dotted.size()));
    if (node->kind == Node::Kind::list) {
      std::size_t place = 0;
      std::from_chars(part.data(), part.data() + part.size(), place);
      node = place >= 1 && place <= node->items.size() ? &node->items[place - 1] : nullptr;
    } else {
      node = node->get(part);
    }
  }
  return node;
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
}  // namespace

std::string first_difference(const Node& a, const Node& b, const std::string& path) {
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
std::string first_shortened(const Node& before, const Node& now) {
  for (const char* key : kLengths) {
    if (length_of(now, key) < length_of(before, key)) return fmt::format("training.{}", key);
  }
  return {};
}
Node without_tests(Node identity) { return without(std::move(identity), kTests); }

Node without_names(Node identity, const Node& other) {
  const Node* files = identity.get("files");
  const Node* others = other.get("files");
  if (files == nullptr || others == nullptr) return identity;
  std::vector<std::string> keys;
  for (const Node::Entry& entry : files->entries) keys.push_back(entry.key);
  for (const std::string& key : keys) {
    Node* const name = others->get(key) == nullptr ? nullptr : value_of(identity, key);
    if (name != nullptr) *name = config::make_text("");  // which every row of a path accepts
  }
  return identity;
}
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

Node read_record(const std::string& text, const std::string& path) {
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
Node record_of(const Plan& plan, const System& system, Index seed, const Node* before, ContentHashes& hashes) {
  Node identity = config::make_map();
  identity.put("format", config::make_plain(std::string(runs::kFormat)));
  identity.put("data", config::to_node(data::data_rows(), plan.data));
  identity.put("model", config::to_node(models::model_rows(), system.model));
  identity.put("training", config::to_node(training::training_rows(), system.training));
  identity.put("decoding", config::to_node(decoding::search_rows(), system.decoding));
  if (models::attention_of(system.model) != nullptr) {
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

}  // namespace regard::experiment
