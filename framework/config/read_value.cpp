// Reads a node as a value and checks it with its row.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include "framework/base/environment.h"
#include "framework/base/errors.h"
#include "framework/base/nearest.h"
#include "framework/config/options.h"
#include "framework/config/or_auto.h"
#include "framework/config/section.h"

namespace regard::config {
namespace {

using Type = OptionRow::Type;

[[noreturn]] void refuse(const Node& node, const OptionRow& row, const std::string& key) {
  std::string got = describe(node);
  const bool needless =
      node.quoted && (row.type == Type::integer || row.type == Type::number || row.type == Type::boolean);
  if (needless) got += " in quotes, which makes it text";
  fail_at(node.origin, key, fmt::format("expected {}, got {}", rule_of(row), got));
}

// Reads the whole text as a number. A '+' in front is allowed; a leading zero is not, because YAML 1.1 reads it as
// octal.
template <class T>
std::optional<T> number_in(std::string_view text) {
  std::string_view digits = text;
  if (text.starts_with('+') || text.starts_with('-')) digits.remove_prefix(1);
  if (text.starts_with('+')) text = digits;
  const bool leading_zero = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
  if (leading_zero || digits.starts_with('+') || digits.starts_with('-')) return std::nullopt;
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Expands "${NAME}" and "${NAME:-fallback}"; the fallback is used if the variable is unset or empty. A relative path
// that does not begin with a variable's value starts at the folder of its origin.
std::filesystem::path expand(const Node& node, const std::string& key) {
  std::string out;
  bool from_variable = false;
  std::string_view rest = node.scalar;
  for (;;) {
    const std::size_t begin = rest.find("${");
    out += rest.substr(0, begin);
    if (begin == std::string_view::npos) {
      const bool placed = !out.empty() && !from_variable && !node.origin.folder.empty();
      const std::filesystem::path path(out);
      return placed ? (node.origin.folder / path).lexically_normal() : path;
    }
    const std::size_t end = rest.find('}', begin);
    if (end == std::string_view::npos) fail_at(node.origin, key, "a '${' has no closing '}'");
    const std::string_view inside = rest.substr(begin + 2, end - begin - 2);
    const std::size_t colon = inside.find(":-");
    const std::string name(inside.substr(0, colon));
    const std::string variable = environment(name.c_str());
    if (variable.empty() && colon == std::string_view::npos) {
      fail_at(node.origin, key,
              fmt::format("the environment variable {0} is not set; set it, or write ${{{0}:-FALLBACK}}", name));
    }
    from_variable = from_variable || (out.empty() && !variable.empty());
    out += variable.empty() ? inside.substr(colon + 2) : std::string_view(variable);
    rest.remove_prefix(end + 1);
  }
}

Choice choose(const Node& node, const OptionRow& row, const std::string& key) {
  std::vector<Choice> choices = row.choices();
  std::vector<Known> known;
  for (Choice& choice : choices) {
    const bool alias =
        std::find(choice.aliases.begin(), choice.aliases.end(), node.scalar) != choice.aliases.end();
    if (choice.name == node.scalar || alias) return std::move(choice);
    known.push_back({choice.name, choice.summary, choice.aliases});
  }
  fail_at(node.origin, key, unknown_name(row.kind.empty() ? row.name : row.kind, node.scalar, known));
}

Value read_tagged(const Node& node, const OptionRow& row, const std::string& key) {
  if (node.kind != Node::Kind::scalar && node.kind != Node::Kind::map) refuse(node, row, key);
  const Node no_options;
  const bool is_short = node.kind == Node::Kind::scalar;
  Section section(is_short ? no_options : node, key);
  Node untyped = make_text(row.untyped);
  untyped.origin = node.origin;
  const Node* type = is_short ? &node : section.consume("type");
  if (type == nullptr && !row.untyped.empty()) type = &untyped;
  if (type == nullptr) fail_at(node.origin, key, fmt::format("has no 'type'; give {}", rule_of(row)));
  if (type->kind != Node::Kind::scalar) refuse(*type, row, join_key(key, "type"));
  const Choice choice = choose(*type, row, key);
  Tagged tagged{choice.name, section.read(choice.options), type->origin};
  section.finish(fmt::format(" ({})", choice.name));
  return {std::move(tagged), node.origin};
}

Value read_scalar(const Node& node, const OptionRow& row, const std::string& key) {
  if (node.kind != Node::Kind::scalar) refuse(node, row, key);
  const std::string& text = node.scalar;
  if (row.or_auto && text == kAuto) return {text, node.origin};
  switch (row.type) {
    case Type::boolean:
      if (!node.quoted && (text == "true" || text == "false")) return {text == "true", node.origin};
      break;
    case Type::integer:
      if (const auto whole = number_in<Index>(text);
          whole && !node.quoted && row.range.holds(static_cast<double>(*whole))) {
        return {*whole, node.origin};
      }
      break;
    case Type::number:
      if (const auto number = number_in<double>(text);
          number && !node.quoted && std::isfinite(*number) && row.range.holds(*number)) {
        return {*number, node.origin};
      }
      break;
    case Type::path: {
      Path path(text);
      path.expanded = expand(node, key);
      return {std::move(path), node.origin};
    }
    case Type::choice:
      return {choose(node, row, key).name, node.origin};
    default:
      return {text, node.origin};
  }
  refuse(node, row, key);
}

}  // namespace

Value read_value(const Node& node, const OptionRow& row, const std::string& key) {
  if (node.kind == Node::Kind::null && row.optional) return {std::monostate{}, node.origin};
  switch (row.type) {
    case Type::any:
      return {node, node.origin};
    case Type::tagged:
      return read_tagged(node, row, key);
    case Type::section:
      return {read_options(node, key, row.inner), node.origin};
    case Type::list: {
      if (node.kind != Node::Kind::list) refuse(node, row, key);
      Value::List items;
      for (const Node& item : node.items) {
        items.push_back(read_value(item, row.inner.front(), fmt::format("{}[{}]", key, items.size())));
      }
      return {std::move(items), node.origin};
    }
    case Type::mapping: {
      if (node.kind != Node::Kind::map && node.kind != Node::Kind::null) refuse(node, row, key);
      Options named;
      for (const Node::Entry& entry : node.entries) {
        named.put(entry.key, read_value(entry.value, row.inner.front(), join_key(key, entry.key)));
      }
      return {std::move(named), node.origin};
    }
    default:
      return read_scalar(node, row, key);
  }
}

}  // namespace regard::config
