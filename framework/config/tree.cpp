#include "framework/config/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/utf8.h"
#include "framework/config/write.h"

namespace regard::config {
namespace {

constexpr std::size_t kDeepestKey = 32;  // parts of a dotted key; no plan has more than six
constexpr Index kShownLength = 60;       // characters of a value in a message

bool starts_with_part(std::string_view dotted, std::string_view key) {
  return dotted.size() > key.size() && dotted.starts_with(key) && dotted[key.size()] == '.';
}

// Returns the entry that a dotted key names (`rest` is empty) or that contains it. The longest matching key is used.
const Node::Entry* step(const Node& node, std::string_view dotted, std::string_view& rest) {
  const Node::Entry* best = nullptr;
  for (const Node::Entry& entry : node.entries) {
    const bool whole = entry.key == dotted;
    if (!whole && !starts_with_part(dotted, entry.key)) continue;
    if (best != nullptr && best->key.size() > entry.key.size()) continue;
    best = &entry;
    rest = whole ? std::string_view() : dotted.substr(entry.key.size() + 1);
  }
  return best;
}

const Node* type_of(const Node& node) {
  const Node* type = node.get("type");
  return type != nullptr && type->kind == Node::Kind::scalar ? type : nullptr;
}

Node as_tagged(Node scalar) {
  Node map = make_map();
  map.origin = scalar.origin;
  map.entries.push_back({"type", scalar.origin, std::move(scalar)});
  return map;
}

// Returns whether `over` is a written null and `base` a map, which the null removes.
bool removes(const Node& over, const Node& base) {
  return over.kind == Node::Kind::null && !over.scalar.empty() && base.kind == Node::Kind::map;
}

void override_at(Node& node, std::string_view dotted, const Node& value, const Origin& origin) {
  if (node.kind == Node::Kind::scalar) node = as_tagged(std::move(node));
  if (node.kind == Node::Kind::list) {
    throw ConfigError(
        fmt::format("{}: a dotted key cannot change an item of a list; give the whole list", origin.text()));
  }
  if (node.kind == Node::Kind::null) {
    node = make_map();
    node.origin = origin;
  }
  std::string_view rest;
  if (const Node::Entry* found = step(node, dotted, rest)) {
    Node& child = *node.get(found->key);
    if (rest.empty() && removes(value, child)) {
      node.erase(dotted);
    } else if (rest.empty()) {
      child = merge(std::move(child), value);
    } else {
      override_at(child, rest, value, origin);
    }
    return;
  }
  const std::size_t dot = dotted.find('.');
  Node fresh = make_null();
  fresh.origin = origin;
  if (dot == std::string_view::npos) {
    fresh = value;
  } else {
    override_at(fresh, dotted.substr(dot + 1), value, origin);
  }
  node.entries.push_back({std::string(dotted.substr(0, dot)), origin, std::move(fresh)});
}

}  // namespace

std::string Origin::text() const {
  switch (kind) {
    case Kind::file:
      return fmt::format("{}:{}:{}", source, line, column);
    case Kind::set:
      return "--set " + source;
    case Kind::default_value:
      break;
  }
  return "default";
}

const Node* Node::get(std::string_view key) const noexcept {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

Node* Node::get(std::string_view key) noexcept { return const_cast<Node*>(std::as_const(*this).get(key)); }

const Node* Node::find(std::string_view dotted) const noexcept {
  const Node* node = this;
  while (node != nullptr && !dotted.empty()) {
    std::string_view rest;
    const Entry* entry = step(*node, dotted, rest);
    node = entry == nullptr ? nullptr : &entry->value;
    dotted = rest;
  }
  return node;
}

Node& Node::put(std::string_view key, Node value) {
  if (Node* present = get(key)) return *present = std::move(value);
  entries.push_back({std::string(key), value.origin, std::move(value)});
  return entries.back().value;
}

void Node::erase(std::string_view key) {
  std::erase_if(entries, [&](const Entry& entry) { return entry.key == key; });
}

Node make_null() { return {}; }

Node make_list() {
  Node node;
  node.kind = Node::Kind::list;
  return node;
}

Node make_map() {
  Node node;
  node.kind = Node::Kind::map;
  return node;
}

Node make_plain(std::string scalar) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.scalar = std::move(scalar);
  return node;
}

Node make_text(std::string scalar) {
  Node node = make_plain(std::move(scalar));
  node.quoted = needs_quotes(node.scalar);
  return node;
}

bool same(const Node& a, const Node& b) {
  const auto same_entry = [](const Node::Entry& x, const Node::Entry& y) {
    return x.key == y.key && same(x.value, y.value);
  };
  if (a.kind == Node::Kind::null && b.kind == Node::Kind::null) return true;  // written or missing
  return a.kind == b.kind && a.scalar == b.scalar && a.quoted == b.quoted &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same) &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(), same_entry);
}

Node merge(Node base, const Node& over) {
  if (over.kind == Node::Kind::null && base.kind == Node::Kind::map) return base;
  if (over.kind != Node::Kind::map) return over;
  const Node* type = type_of(over);
  if (base.kind == Node::Kind::scalar) base = as_tagged(std::move(base));
  if (base.kind != Node::Kind::map) return over;
  const Node* base_type = type_of(base);
  if (type != nullptr && base_type != nullptr && type->scalar != base_type->scalar) return over;
  base.origin = over.origin;
  for (const Node::Entry& entry : over.entries) {
    Node* present = base.get(entry.key);
    if (present != nullptr && removes(entry.value, *present)) {
      base.erase(entry.key);
    } else if (present != nullptr) {
      *present = merge(std::move(*present), entry.value);
    } else {
      base.entries.push_back(entry);
    }
  }
  return base;
}

Node apply_override(Node root, std::string_view dotted, const Node& value, const Origin& origin) {
  const bool hole = dotted.empty() || dotted.front() == '.' || dotted.back() == '.' ||
                    dotted.find("..") != std::string_view::npos;
  if (hole) throw ConfigError(fmt::format("{}: the key '{}' has an empty part", origin.text(), dotted));
  if (static_cast<std::size_t>(std::count(dotted.begin(), dotted.end(), '.')) >= kDeepestKey) {
    throw ConfigError(fmt::format("{}: the key has more than {} parts", origin.text(), kDeepestKey));
  }
  override_at(root, dotted, value, origin);
  return root;
}

Origin where(const Node& root, std::string_view dotted) {
  Origin origin = root.origin;
  const Node* node = &root;
  while (node != nullptr && !dotted.empty()) {
    std::string_view rest;
    const Node::Entry* entry = step(*node, dotted, rest);
    node = entry == nullptr ? nullptr : &entry->value;
    if (node != nullptr && node->origin.kind != Origin::Kind::default_value) origin = node->origin;
    dotted = rest;
  }
  return origin;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "keys and values";
    case Node::Kind::scalar:
      break;
  }
  if (utf8::length(node.scalar) <= kShownLength) return in_double_quotes(node.scalar);
  std::size_t end = 0;
  for (Index shown = 0; shown < kShownLength; ++shown) (void)utf8::decode(node.scalar, end);
  return in_double_quotes(std::string_view(node.scalar).substr(0, end)) + " ...";
}

}  // namespace regard::config
