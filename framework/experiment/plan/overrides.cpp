#include "framework/experiment/plan/overrides.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "framework/config/section.h"
#include "framework/config/yaml.h"

namespace regard::experiment {
namespace {

using config::Node;

constexpr std::array<std::string_view, 3> kOverridable{"model", "training", "decoding"};

bool is_overridable(std::string_view key) {
  const std::string_view section = key.substr(0, key.find('.'));
  return std::find(kOverridable.begin(), kOverridable.end(), section) != kOverridable.end();
}

bool is_below(std::string_view key, std::string_view section) {
  return key.size() > section.size() && key.starts_with(section) && key[section.size()] == '.';
}

// Removes the dotted key from `node` and the maps in it. A scalar is the short form of {type: scalar}.
void remove(Node& node, std::string_view dotted) {
  for (Node::Entry& entry : node.entries) {
    if (is_below(dotted, entry.key)) remove(entry.value, dotted.substr(entry.key.size() + 1));
  }
  std::erase_if(node.entries, [&](const Node::Entry& entry) {
    const bool type = entry.value.kind == Node::Kind::scalar && dotted == entry.key + ".type";
    return entry.key == dotted || type;
  });
}

// Applies `key: value` of --set to the keys that one system sets: changes a section, removes other keys.
void set_in(Node& written, const std::string& key, const Node& value, const config::Origin& origin) {
  const bool section = value.kind == Node::Kind::map;
  if (section && written.find(key) != nullptr) {
    written = config::apply_override(std::move(written), key, value, origin);
  } else if (!section) {
    remove(written, key);
  }
  std::erase_if(written.entries, [&](const Node::Entry& entry) {
    return is_below(entry.key, key) &&
           (!section || value.get("type") != nullptr || value.find(entry.key.substr(key.size() + 1)) != nullptr);
  });
}

}  // namespace

Node with_overrides(const Node& tree, const std::string& name, const Node& written) {
  if (written.kind == Node::Kind::null) return tree;
  if (written.kind != Node::Kind::map) {
    config::fail_at(
        written.origin, "systems." + name,
        fmt::format("expected keys of model, training or decoding, got {}", config::describe(written)));
  }
  std::vector<const Node::Entry*> ordered;
  for (const Node::Entry& entry : written.entries) {
    if (!is_overridable(entry.key)) {
      config::fail_at(
          entry.origin, "systems." + name,
          fmt::format("a system overrides keys of model, training or decoding, not '{}'; data and seeds are "
                      "common to all systems",
                      entry.key));
    }
    ordered.push_back(&entry);
  }
  std::stable_sort(ordered.begin(), ordered.end(), [](const Node::Entry* a, const Node::Entry* b) {
    return std::count(a->key.begin(), a->key.end(), '.') < std::count(b->key.begin(), b->key.end(), '.');
  });
  Node with = tree;
  for (const Node::Entry* entry : ordered)
    with = config::apply_override(std::move(with), entry->key, entry->value, entry->origin);
  return with;
}

Node with_sets_in_systems(Node root, std::span<const std::string> sets) {
  for (const std::string& set : sets) {
    const std::string key = set.substr(0, set.find('='));
    if (!is_overridable(key)) continue;
    const config::Origin origin{config::Origin::Kind::set, set};
    for (const char* grid : {"grid", "tune.grid", "tune.space"}) {
      const Node* varied = root.find(grid);
      if (varied == nullptr || varied->get(key) == nullptr) continue;
      config::fail_at(origin, key,
                      fmt::format("{0} varies this key; set its {2}: {0}.{1}=[…]", grid, key,
                                  std::string_view(grid) == "tune.space" ? "range" : "list of values"));
    }
    Node* systems = root.get("systems");
    if (systems == nullptr) continue;
    const Node value = config::parse_yaml_at(std::string_view(set).substr(set.find('=') + 1), origin);
    for (Node::Entry& system : systems->entries) set_in(system.value, key, value, origin);
  }
  return root;
}

}  // namespace regard::experiment
