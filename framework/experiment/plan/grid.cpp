#include "framework/experiment/plan/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "framework/config/section.h"

namespace regard::experiment {
namespace {

using config::Node;

// Returns a value as part of a name: letters, digits, '.', '-' and '_'; other characters become '-'.
std::string name_of(const Node& value) {
  std::string text = value.scalar;
  for (const Node& item : value.items) text += fmt::format("{}{}", text.empty() ? "" : "x", name_of(item));
  for (const Node::Entry& entry : value.entries)
    text += fmt::format("{}{}", text.empty() ? "" : "-", name_of(entry.value));
  std::replace_if(
      text.begin(), text.end(),
      [](unsigned char c) { return std::isalnum(c) == 0 && c != '.' && c != '-' && c != '_'; }, '-');
  return text;
}

std::string last_part(const std::string& key) { return key.substr(key.rfind('.') + 1); }

// Returns, for each key, the shortest beginning of its last part that no other key's last part has.
std::map<std::string, std::string> short_names(const Node& grid) {
  std::map<std::string, std::string> names;
  for (const Node::Entry& entry : grid.entries) {
    const std::string part = last_part(entry.key);
    std::size_t length = 1;
    const auto clashes = [&](const Node::Entry& other) {
      return other.key != entry.key && last_part(other.key).substr(0, length) == part.substr(0, length);
    };
    while (length < part.size() && std::any_of(grid.entries.begin(), grid.entries.end(), clashes)) ++length;
    names[entry.key] = part.substr(0, length);
  }
  return names;
}

// A plan with more systems is refused before the systems are made.
constexpr std::size_t kMostSystems = 10000;

void check_size(double points, const Node& grid, const std::string& where, std::size_t systems) {
  const double all = points * static_cast<double>(systems);
  if (all <= static_cast<double>(kMostSystems)) return;
  config::fail_at(
      grid.origin, where,
      fmt::format("its values and {} system{} make {:.0f} systems, but a plan has at most {}; leave out "
                  "keys or values",
                  systems, systems == 1 ? "" : "s", all, kMostSystems));
}

}  // namespace

std::vector<GridPoint> grid_points(const Node& grid, const std::string& where) {
  std::vector<GridPoint> points{{}};
  const auto names = short_names(grid);
  for (const Node::Entry& entry : grid.entries) {
    const std::string key = where + "." + entry.key;
    if (entry.value.kind != Node::Kind::list || entry.value.items.empty()) {
      config::fail_at(entry.value.origin, key,
                      fmt::format("expected a list of values, got {}", config::describe(entry.value)));
    }
    std::vector<GridPoint> crossed;
    for (const GridPoint& point : points) {
      for (const Node& value : entry.value.items) {
        crossed.push_back(point);
        crossed.back().suffix += fmt::format("-{}{}", names.at(entry.key), name_of(value));
        crossed.back().values.emplace_back(entry.key, value);
      }
    }
    points = std::move(crossed);
  }
  std::set<std::string> seen;
  for (const GridPoint& point : points) {
    if (!seen.insert(point.suffix).second) {
      config::fail_at(grid.origin, where,
                      fmt::format("two of its points would be named '{}'", point.suffix.substr(1)));
    }
  }
  return points;
}

Node crossed(Node root, const Node& grid, const std::string& where) {
  const Node* systems = root.get("systems");
  if (systems == nullptr || systems->kind != Node::Kind::map) return root;  // an error where systems are read
  double points = 1;
  for (const Node::Entry& entry : grid.entries)
    points *= static_cast<double>(std::max<std::size_t>(entry.value.items.size(), 1));
  check_size(points, grid, where, systems->entries.size());
  return crossed(std::move(root), grid_points(grid, where), grid, where);
}

Node crossed(Node root, const std::vector<GridPoint>& points, const Node& grid, const std::string& where) {
  Node* systems = root.get("systems");
  if (systems == nullptr || systems->kind != Node::Kind::map) return root;
  check_size(static_cast<double>(points.size()), grid, where, systems->entries.size());
  Node all = config::make_map();
  all.origin = systems->origin;
  for (const Node::Entry& system : systems->entries) {
    for (const GridPoint& point : points) {
      Node written = system.value.kind == Node::Kind::null ? config::make_map() : system.value;
      written.origin = system.value.origin;
      if (written.kind != Node::Kind::map) return root;
      for (const auto& [key, value] : point.values) {
        if (const Node* own = written.find(key)) {
          config::fail_at(
              own->origin, "systems." + system.key,
              fmt::format("writes {} itself, which {} varies; leave it to one of the two", key, where));
        }
        written.entries.push_back({key, value.origin, value});
      }
      all.entries.push_back({system.key + point.suffix, system.origin, std::move(written)});
    }
  }
  *systems = std::move(all);
  return root;
}

Node without_grid(Node root) {
  const auto at = std::find_if(root.entries.begin(), root.entries.end(),
                               [](const Node::Entry& entry) { return entry.key == "grid"; });
  if (at == root.entries.end() || at->value.kind == Node::Kind::null) return root;
  const Node grid = at->value;
  if (grid.kind != Node::Kind::map) {
    config::fail_at(grid.origin, "grid", fmt::format("expected keys with lists, got {}", config::describe(grid)));
  }
  root.entries.erase(at);
  return grid.entries.empty() ? root : crossed(std::move(root), grid, "grid");
}

}  // namespace regard::experiment
