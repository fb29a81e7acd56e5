#pragma once
// Reads YAML files and texts as our tree. Errors are ConfigErrors with their place and our own messages.
//
// A plan is one document: a map with text keys, in UTF-8 (a byte order mark and CR LF are accepted), of at most 4 MiB
// and at most 100 levels. Anchors, aliases, merge keys ("<<") and tags are refused, because they would hide the origin
// of a value; use `extends` and --set.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/tree.h"

namespace regard::config {

// Returns the tree of a text, with `name` in the origins. The text may be any YAML value.
[[nodiscard]] Node parse_yaml(std::string_view text, const std::string& name);

// Returns the tree of a text that is not a file: every origin is `origin`.
[[nodiscard]] Node parse_yaml_at(std::string_view text, const Origin& origin);

struct Loaded {
  Node root;                       // merged, without `extends`
  std::vector<std::string> files;  // the file, its parent, the parent's parent, …
};

// Loads a plan's file. The file overrides those that it extends (`extends: other.yaml`, relative to the extending
// file). The texts of --set (`model.hidden=256`; the value is YAML) override the file, in their order.
[[nodiscard]] Loaded load(const std::string& path, std::span<const std::string> sets = {});

// Returns the tree with "model.hidden=256" applied, as load() does for each --set.
[[nodiscard]] Node apply_set(Node root, const std::string& set);

}  // namespace regard::config
