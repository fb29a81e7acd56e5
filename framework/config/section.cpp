#include "framework/config/section.h"

#include <fmt/format.h>

#include <utility>

#include "framework/base/errors.h"
#include "framework/base/nearest.h"

namespace regard::config {
namespace {

const Node& nothing() {
  static const Node node;
  return node;
}

// Returns the place of a key, for a message.
std::string place(const std::string& path) { return path.empty() ? "at the top" : "in " + path; }

}  // namespace

std::string join_key(std::string_view path, std::string_view key) {
  if (path.empty() || key.empty()) return std::string(path.empty() ? key : path);
  return fmt::format("{}.{}", path, key);
}

void fail_at(const Origin& origin, std::string_view key, std::string_view message) {
  throw ConfigError(key.empty() ? fmt::format("{}: {}", origin.text(), message)
                                : fmt::format("{}: {}: {}", origin.text(), key, message));
}

Section::Section(const Node& node, std::string path) : node_(&node), path_(std::move(path)) {
  if (node.kind == Node::Kind::map || node.kind == Node::Kind::null) return;
  fail_at(node.origin, path_, fmt::format("expected keys and values, got {}", describe(node)));
}

const Node* Section::consume(const std::string& key) {
  known_.insert(key);
  return node_->get(key);
}

Section Section::section(const std::string& key) {
  const Node* child = consume(key);
  return {child == nullptr ? nothing() : *child, join_key(path_, key)};
}

Value Section::read(const OptionRow& row) {
  const Node* written = consume(row.name);
  const bool nothing_written = written == nullptr || (written->kind == Node::Kind::null && row.optional);
  if (!nothing_written) return read_value(*written, row, join_key(path_, row.name));
  if (row.required) {
    for (const Node::Entry& entry : node_->entries) {  // the key may be misspelled
      const std::vector<std::string> missing{row.name};
      if (known_.contains(entry.key) || nearest(entry.key, missing).empty()) continue;
      fail_at(entry.origin, "",
              fmt::format("unknown key '{}' {}{}", entry.key, place(path_), did_you_mean(entry.key, missing)));
    }
    fail_at(node_->origin, join_key(path_, row.name),
            fmt::format("is missing; give {}: {}", rule_of(row), row.meaning));
  }
  if (row.optional) return {};
  if (row.type == OptionRow::Type::section) {  // key by key, because variants inside may have other defaults
    Node absent;
    absent.origin = node_->origin;
    return {read_options(absent, join_key(path_, row.name), row.inner), {}};
  }
  return default_of(row);
}

Options Section::read(const std::vector<OptionRow>& rows) {
  Options options;
  for (const OptionRow& row : rows) options.put(row.name, read(row));
  return options;
}

void Section::finish(std::string_view note) const {
  for (const Node::Entry& entry : node_->entries) {
    if (known_.contains(entry.key)) continue;
    const std::vector<std::string> known(known_.begin(), known_.end());
    const std::string hint = did_you_mean(entry.key, known);
    std::string list;
    for (const std::string& key : known) list += (list.empty() ? "" : ", ") + key;
    fail_at(entry.origin, "",
            fmt::format("unknown key '{}' {}{}{} Known keys: {}", entry.key, place(path_), note,
                        hint.empty() ? "." : hint, list.empty() ? "none" : list));
  }
}

const Origin& Section::origin(std::string_view key) const noexcept {
  const Node* value = node_->get(key);
  return value == nullptr ? node_->origin : value->origin;
}

void Section::fail(std::string_view key, std::string_view message) const {
  fail_at(origin(key), join_key(path_, key), message);
}

Options read_options(const Node& node, const std::string& path, const std::vector<OptionRow>& rows) {
  Section section(node, path);
  Options options = section.read(rows);
  section.finish();
  return options;
}

}  // namespace regard::config
