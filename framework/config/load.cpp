// Loads plans that extend others, and applies --set.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <tuple>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/yaml.h"

namespace regard::config {
namespace {

Node parse_file(const std::string& path, const std::string& bytes) {
  Node root = parse_yaml(bytes, path);
  if (root.kind == Node::Kind::null) throw ConfigError(path + ": has no keys; a plan starts with `name: …`");
  if (root.kind != Node::Kind::map) {
    throw ConfigError(
        fmt::format("{}: expected keys and values at the top, got {}", root.origin.text(), describe(root)));
  }
  return root;
}

// Removes `extends` from the tree. Returns the parent's path relative to the folder of `path`, or nothing.
std::optional<std::pair<std::string, Origin>> remove_parent(Node& root, const std::string& path) {
  const auto at = std::find_if(root.entries.begin(), root.entries.end(),
                               [](const Node::Entry& entry) { return entry.key == "extends"; });
  if (at == root.entries.end()) return std::nullopt;
  const Node value = std::move(at->value);
  root.entries.erase(at);
  if (value.kind != Node::Kind::scalar || value.scalar.empty()) {
    throw ConfigError(
        fmt::format("{}: extends: expected the path of one file, got {}", value.origin.text(), describe(value)));
  }
  const std::filesystem::path parent = std::filesystem::path(path).parent_path() / value.scalar;
  return std::pair(parent.lexically_normal().string(), value.origin);
}

std::string chain(const std::vector<std::string>& files, const std::string& last) {
  std::string text;
  for (const std::string& file : files) text += file + " -> ";
  return text + last;
}

}  // namespace

Loaded load(const std::string& path, std::span<const std::string> sets) {
  const auto same_file = [](const std::string& a, const std::string& b) {
    return std::filesystem::path(a).lexically_normal() == std::filesystem::path(b).lexically_normal();
  };
  Loaded loaded;
  std::vector<Node> layers;  // the file, its parent, …
  std::string file = path;
  Origin asked_by;
  for (;;) {
    if (std::any_of(loaded.files.begin(), loaded.files.end(), [&](const auto& f) { return same_file(f, file); })) {
      throw ConfigError(fmt::format("{}: extends is circular: {}", asked_by.text(), chain(loaded.files, file)));
    }
    std::string reason;
    const auto bytes = try_read_file(file, reason);
    if (!bytes && layers.empty()) throw ConfigError(fmt::format("{}: cannot be read: {}", file, reason));
    if (!bytes) {
      throw ConfigError(fmt::format("{}: extends: {} cannot be read: {} ({})", asked_by.text(), file, reason,
                                    chain(loaded.files, file)));
    }
    layers.push_back(parse_file(file, *bytes));
    loaded.files.push_back(file);
    const auto parent = remove_parent(layers.back(), file);
    if (!parent) break;
    std::tie(file, asked_by) = *parent;
  }
  loaded.root = std::move(layers.back());
  for (std::size_t i = layers.size() - 1; i-- > 0;) loaded.root = merge(std::move(loaded.root), layers[i]);
  for (const std::string& set : sets) loaded.root = apply_set(std::move(loaded.root), set);
  return loaded;
}

Node apply_set(Node root, const std::string& set) {
  const Origin origin{Origin::Kind::set, set};
  const std::size_t equals = set.find('=');
  if (equals == std::string::npos) {
    throw ConfigError(fmt::format("{}: expected KEY=VALUE, for example model.hidden=256", origin.text()));
  }
  Node value = parse_yaml_at(std::string_view(set).substr(equals + 1), origin);
  value.origin = origin;  // also for null, which has no place
  return apply_override(std::move(root), set.substr(0, equals), value, origin);
}

}  // namespace regard::config
