#pragma once
// Our own tree of a YAML file: each value, and each key, with its origin. yaml-cpp is read once (yaml.cpp) and
// then forgotten: its merged nodes have no mark and its maps accept a key twice.
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::config {

// Where a value was written. Lines and columns count from 1; a column counts characters (code points).
struct Origin {
  enum class Kind : std::uint8_t { default_value, file, set };  // standard: nobody wrote it, a default holds

  Kind kind = Kind::default_value;
  std::string source = {};  // the file as the user named it, or the text behind --set
  Index line = 0;
  Index column = 0;

  // "configs/vi.yaml:14:12", "--set model.hidden=3" or "default": what a message begins with.
  [[nodiscard]] std::string text() const;
};

// A value. Copying copies everything below it.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, map };
  struct Entry;

  Kind kind = Kind::null;
  std::string scalar = {};       // the text, quotes and escapes resolved; "null" for a null that was written
  bool quoted = false;           // a scalar in quotes or a block is text, whatever it looks like
  std::vector<Node> items = {};  // of a list
  std::vector<Entry> entries;    // of a map, in the order written; no key twice
  Origin origin = {};

  // The value of a key of this map, or null where there is none (or this is no map).
  [[nodiscard]] const Node* get(std::string_view key) const noexcept;
  [[nodiscard]] Node* get(std::string_view key) noexcept;

  // The value at a dotted key, or null. A key that itself holds dots is matched before its parts.
  [[nodiscard]] const Node* find(std::string_view dotted) const noexcept;

  // Adds or replaces a key of this map.
  Node& put(std::string_view key, Node value);
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
[[nodiscard]] Node make_text(std::string scalar);   // quoted where another reader would take it for something else

// Equal kinds, scalars, items and entries in their order; whether quoted; not the origins.
[[nodiscard]] bool same(const Node& a, const Node& b);

// `over` laid on `base`. Maps merge key by key, however deep; scalars and lists replace. Between them:
//   a map over a scalar     the scalar is the short form of {type: scalar}, and the map merges into that
//   a map of another `type` replaces: the options of one variant say nothing about another
//   nothing over a map      leaves it (`model:` with its keys commented out); a written null in a map removes it
[[nodiscard]] Node merge(Node base, const Node& over);

// `value` merged into `root` at a dotted key; maps on the way are made where missing. ConfigError at `origin`
// where the key has an empty part or more than 32, or passes through a list. For --set and for the keys of a
// system.
[[nodiscard]] Node apply_override(Node root, std::string_view dotted, const Node& value, const Origin& origin);

// The origin of the value at the dotted key, or of the nearest section around it that was written.
[[nodiscard]] Origin where(const Node& root, std::string_view dotted);

// What stands in a message after "got": `"fast"` (long texts are cut), "a list", "keys and values", "nothing".
[[nodiscard]] std::string describe(const Node& node);

}  // namespace regard::config
