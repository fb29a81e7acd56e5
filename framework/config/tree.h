#pragma once
// Our own tree of a YAML file. Each value and each key has its origin. yaml-cpp is used only to read the text
// (yaml.cpp), because its merged nodes have no position and its maps accept duplicate keys.
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::config {

// The place where a value was written. Lines and columns count from 1; a column counts characters (code points).
struct Origin {
  enum class Kind : std::uint8_t { default_value, file, set };  // default_value: not written

  Kind kind = Kind::default_value;
  std::string source = {};  // the file as the user named it, or the text of --set
  Index line = 0;
  Index column = 0;
  std::string folder = {};  // where the relative path that is written here starts; empty: the current folder

  // Returns the start of a message: "configs/vi.yaml:14:12", "--set model.hidden=3" or "default".
  [[nodiscard]] std::string text() const;
};

// A value. A copy is deep.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, map };
  struct Entry;

  Kind kind = Kind::null;
  std::string scalar = {};       // the text without quotes and escapes; "null" for a null that was written
  bool quoted = false;           // true: in quotes or a block, so it is text even if it looks like a number
  std::vector<Node> items = {};  // of a list
  std::vector<Entry> entries;    // of a map, in the order of writing; keys are unique
  Origin origin = {};

  // Returns the value of a key of this map; nullptr if there is none or this is not a map.
  [[nodiscard]] const Node* get(std::string_view key) const noexcept;
  [[nodiscard]] Node* get(std::string_view key) noexcept;

  // Returns the value at a dotted key, or nullptr. A key that itself contains dots is matched before its parts.
  [[nodiscard]] const Node* find(std::string_view dotted) const noexcept;

  // Adds or replaces a key of this map.
  Node& put(std::string_view key, Node value);
  // Removes a key of this map, if it exists.
  void erase(std::string_view key);
};

struct Node::Entry {
  std::string key;
  Origin origin;  // of the key
  Node value;
};

[[nodiscard]] Node make_null();
[[nodiscard]] Node make_list();
[[nodiscard]] Node make_map();
[[nodiscard]] Node make_plain(std::string scalar);  // a number or a word that needs no quotes
[[nodiscard]] Node make_text(std::string scalar);   // quoted if another reader would read it as another type

// Returns whether kinds, scalars, quoting, items and entries (in their order) are equal; ignores origins.
[[nodiscard]] bool same(const Node& a, const Node& b);

// Returns `base` overridden by `over`. Maps are merged key by key at any depth; scalars and lists are replaced. Mixed
// kinds:
//   a map over a scalar     the scalar is the short form of {type: scalar}, and the map is merged into it
//   a map of another `type` replaces, because the options of one variant do not apply to another
//   nothing over a map      keeps the map (`model:` with its keys commented out); a written null in a map removes it
[[nodiscard]] Node merge(Node base, const Node& over);

// Merges `value` into `root` at a dotted key, and makes missing maps. ConfigError at `origin` if the key has an empty
// part or more than 32 parts, or goes through a list. Used for --set and the keys of a system.
[[nodiscard]] Node apply_override(Node root, std::string_view dotted, const Node& value, const Origin& origin);

// Returns the origin of the value at the dotted key, or of the nearest enclosing section that was written.
[[nodiscard]] Origin where(const Node& root, std::string_view dotted);

// Returns the text for a message after "got": `"fast"` (long texts are cut), "a list", "keys and values", "nothing".
[[nodiscard]] std::string describe(const Node& node);

}  // namespace regard::config
