#pragma once
// YAML files and texts as our tree. Errors are ConfigErrors at their place, in our words.
//
// A plan is one document whose top is a map with text keys, in UTF-8 (a byte order mark and CR LF are accepted),
// at most 4 MiB, at most 100 levels deep. Anchors, aliases, merge keys ("<<") and tags are refused: with `extends`
// and
// --set there is one way less to hide where a value came from.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/tree.h"

namespace regard::config {

// The tree of a text; `name` stands in the origins. Any YAML value may be the top.
[[nodiscard]] Node parse_yaml(std::string_view text, const std::string& name);

// The same where the text is no file: every origin is `origin`.
[[nodiscard]] Node parse_yaml_at(std::string_view text, const Origin& origin);

struct Loaded {
  Node root;                       // merged, without `extends`
  std::vector<std::string> files;  // the file, its parent, the parent's parent, …
};

// A plan's file, merged over the files that it extends (`extends: other.yaml`, relative to the file that says so)
// and under the texts of --set (`model.hidden=256`; the value is YAML), in their order.
[[nodiscard]] Loaded load(const std::string& path, std::span<const std::string> sets = {});

// "model.hidden=256" applied to a tree; what load() does for each.
[[nodiscard]] Node apply_set(Node root, const std::string& set);

}  // namespace regard::config
