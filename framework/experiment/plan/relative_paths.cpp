#include "framework/experiment/plan/relative_paths.h"

#include <algorithm>
#include <map>

#include "framework/runs/run_folder.h"

namespace regard::experiment {
namespace {

using config::Node;
using config::OptionRow;

Path from_root(const Path& path) {
  return std::filesystem::absolute(path.empty() ? Path(".") : path).lexically_normal();
}

// Returns the path from one folder to another; "" if they are the same.
Path path_between(const Path& from, const Path& to) {
  const Path relative = from_root(to).lexically_relative(from_root(from));
  if (relative == ".") return {};
  return relative.has_filename() ? relative : relative.parent_path();
}

std::string joined(const Path& prefix, const std::string& path) {
  const bool stays = path.empty() || prefix.empty() || Path(path).is_absolute();
  return stays ? path : (prefix / path).lexically_normal().string();
}

// A leading variable is kept; only its fallback is a path that starts in the plan's folder.
std::string rebased(const Path& prefix, const std::string& path) {
  if (!path.starts_with("${")) return joined(prefix, path);
  const std::size_t colon = path.find(":-");
  const std::size_t end = path.find('}');
  if (colon == std::string::npos || end == std::string::npos || colon > end) return path;
  return path.substr(0, colon + 2) + joined(prefix, path.substr(colon + 2, end - colon - 2)) + path.substr(end);
}

class Walk {
 public:
  explicit Walk(Path folder) : folder_(std::move(folder)) {}

  void value(Node& node, const OptionRow& row) {
    using Type = OptionRow::Type;
    if (row.type == Type::path) place(node);
    for (Node& item : node.items) {
      if (row.type == Type::list) value(item, row.inner.front());
    }
    for (Node::Entry& entry : node.entries) {
      if (row.type == Type::mapping) value(entry.value, row.inner.front());
      if (row.type == Type::section || row.type == Type::tagged) below(entry.value, row, entry.key);
    }
  }

  // Rewrites the value of a dotted key. Returns whether the rows have the key.
  bool key(Node& node, const std::vector<OptionRow>& rows, std::string_view dotted) {
    const std::size_t dot = std::min(dotted.find('.'), dotted.size());
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const OptionRow& each) { return each.name == dotted.substr(0, dot); });
    if (row == rows.end()) return false;
    if (dot < dotted.size()) return below(node, *row, dotted.substr(dot + 1));
    value(node, *row);
    return true;
  }

 private:
  bool below(Node& node, const OptionRow& row, std::string_view dotted) {
    if (row.type == OptionRow::Type::section) return key(node, row.inner, dotted);
    if (row.type != OptionRow::Type::tagged) return false;
    const auto choices = row.choices();
    return std::any_of(choices.begin(), choices.end(),
                       [&](const config::Choice& choice) { return key(node, choice.options, dotted); });
  }

  void place(Node& node) {
    using Kind = config::Origin::Kind;
    if (node.kind != Node::Kind::scalar || node.origin.kind == Kind::default_value) return;
    const std::string file = node.origin.kind == Kind::file ? node.origin.source : std::string();
    const auto [known, fresh] = prefixes_.try_emplace(file);
    if (fresh) known->second = path_between(folder_, file.empty() ? Path() : folder_of_plan(file));
    node.scalar = rebased(known->second, node.scalar);
    node.origin.folder = folder_.string();
  }

  Path folder_;
  std::map<std::string, Path> prefixes_;  // to the folder of each file; "": to the current folder
};

}  // namespace

Path folder_of_plan(const Path& file) {
  const runs::RunFolder run{file.parent_path()};
  const bool kept = file.filename() == run.resolved_plan().filename() || file.filename() == run.plan().filename();
  if (!kept) return run.folder;
  if (const auto text = read_if_exists(run.plan_folder()))
    return (run.folder / text->substr(0, text->find('\n'))).lexically_normal();
  return file.filename() == run.plan().filename() ? run.folder : Path();
}

std::string plan_folder_text(const Path& run_folder, const Path& plan_folder) {
  const Path to = path_between(run_folder, plan_folder);
  return (to.empty() ? "." : to.string()) + "\n";
}

Node with_paths_from(Node root, const Path& folder, const std::vector<OptionRow>& rows) {
  Walk walk(folder);
  for (Node::Entry& entry : root.entries) {
    if (entry.key != "plugins") walk.key(entry.value, rows, entry.key);
  }
  // Keys of systems and grids are dotted, and a grid has a list of values for each.
  if (Node* systems = root.get("systems")) {
    for (Node::Entry& system : systems->entries) {
      for (Node::Entry& entry : system.value.entries) walk.key(entry.value, rows, entry.key);
    }
  }
  Node* const tune = root.get("tune");
  for (Node* grid : {root.get("grid"), tune == nullptr ? nullptr : tune->get("grid")}) {
    if (grid == nullptr) continue;
    for (Node::Entry& entry : grid->entries) {
      for (Node& value : entry.value.items) walk.key(value, rows, entry.key);
    }
  }
  return root;
}

}  // namespace regard::experiment
