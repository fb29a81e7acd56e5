// The only file that knows yaml-cpp. Its events, not its nodes, are read: they have a mark each, they show a key
// that is given twice, and they tell a quoted scalar from a plain one.
#include "framework/config/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>
#include <tuple>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/utf8.h"

namespace regard::config {
namespace {

constexpr std::size_t kLargestFile = std::size_t{4} << 20;
constexpr std::size_t kDeepest = 100;

// Turns yaml-cpp's marks (from 0, the column in bytes) into origins of one text.
class Places final {
 public:
  Places(std::string_view text, std::string name, std::optional<Origin> fixed)
      : text_(text), name_(std::move(name)), fixed_(std::move(fixed)) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n' || (text[i] == '\r' && text.substr(i + 1, 1) != "\n")) starts_.push_back(i + 1);
    }
  }
  [[nodiscard]] Origin at(const YAML::Mark& mark) const {
    return at(static_cast<std::size_t>(std::max(mark.line, 0)),
              static_cast<std::size_t>(std::max(mark.column, 0)));
  }
  [[nodiscard]] Origin at(std::size_t line, std::size_t byte) const {
    if (fixed_) return *fixed_;
    const Index column = utf8::length(this->line(line).substr(0, byte));
    return {Origin::Kind::file, name_, static_cast<Index>(line) + 1, column + 1};
  }
  [[nodiscard]] Origin at_offset(std::size_t offset) const {
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
    const auto line = static_cast<std::size_t>(next - starts_.begin()) - 1;
    return at(line, offset - starts_[line]);
  }
  // The text of a line, from 0; empty behind the last.
  [[nodiscard]] std::string_view line(std::size_t number) const {
    if (number >= starts_.size()) return {};
    const std::string_view rest = text_.substr(starts_[number]);
    return rest.substr(0, rest.find_first_of("\r\n"));
  }
  [[noreturn]] void fail(const Origin& origin, const std::string& message) const {
    throw ConfigError(fmt::format("{}: {}", origin.text(), message));
  }

 private:
  std::string_view text_;
  std::string name_;
  std::optional<Origin> fixed_;  // of a text that is no file
  std::vector<std::size_t> starts_{0};
};

class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const Places& places) : places_(places) {}

  [[nodiscard]] Node take() { return std::move(root_); }
  [[nodiscard]] int documents() const { return documents_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2) places_.fail(places_.at(mark), "a second document begins; a plan is one document");
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark&, const std::string&) override {}  // the node that carries it is refused

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { value(mark, "?", anchor, {}); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    Node node;
    node.kind = Node::Kind::scalar;
    node.scalar = text;
    node.quoted = tag == "!";
    value(mark, tag, anchor, std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  // A list or map that is being read, and in a map the key whose value comes next.
  struct Open {
    Node node;
    std::optional<Node> key;
  };

  [[noreturn]] void refuse_anchor(const YAML::Mark& mark) const {
    places_.fail(places_.at(mark),
                 "anchors and aliases are not part of a plan; write the value out, or use `extends`");
  }
  void check_plain(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0) refuse_anchor(mark);
    if (!tag.empty() && tag != "?" && tag != "!") {
      places_.fail(places_.at(mark), fmt::format("the tag '{}' is not part of a plan; take it away", tag));
    }
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    check_plain(mark, tag, anchor);
    if (expects_key()) places_.fail(places_.at(mark), "a key must be text, not a list or a map");
    if (open_.size() >= kDeepest) {
      places_.fail(places_.at(mark), fmt::format("nested more than {} levels deep", kDeepest));
    }
    Open opened;
    opened.node.kind = kind;
    opened.node.origin = places_.at(mark);
    open_.push_back(std::move(opened));
  }
  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    place(std::move(node));
  }
  void value(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node node) {
    check_plain(mark, tag, anchor);
    node.origin = places_.at(mark);
    if (expects_key()) {
      accept_key(std::move(node));
    } else {
      place(std::move(node));
    }
  }
  [[nodiscard]] bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == Node::Kind::map && !open_.back().key;
  }
  void accept_key(Node key) {
    if (key.kind == Node::Kind::null) places_.fail(key.origin, "a key is missing before ':' (or is written null)");
    if (key.scalar == "<<" && !key.quoted) {
      places_.fail(key.origin, "merge keys (<<) are not part of a plan; use `extends`");
    }
    for (const Node::Entry& entry : open_.back().node.entries) {
      if (entry.key != key.scalar) continue;
      places_.fail(key.origin, fmt::format("key '{}' is given twice{}; the first is at line {}", key.scalar,
                                           inside(), entry.origin.line));
    }
    open_.back().key = std::move(key);
  }
  // " in model.encoder": the section that is being read, or "" at the top.
  [[nodiscard]] std::string inside() const {
    std::string path;
    for (const Open& open : open_) {
      if (open.key) path += (path.empty() ? " in " : ".") + open.key->scalar;
    }
    return path;
  }
  void place(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.kind == Node::Kind::list) {
      open_.back().node.items.push_back(std::move(node));
    } else {
      Node key = std::move(*open_.back().key);
      open_.back().key.reset();
      open_.back().node.entries.push_back({std::move(key.scalar), std::move(key.origin), std::move(node)});
    }
  }

  const Places& places_;
  std::vector<Open> open_;
  Node root_;
  int documents_ = 0;
};

// What yaml-cpp means, for a user who need not know it. Its text is kept where ours would say less.
std::string in_our_words(const YAML::Exception& error, const Places& places) {
  const auto line = static_cast<std::size_t>(std::max(error.mark.line, 0));
  for (const std::size_t near : {line, line == 0 ? line : line - 1}) {
    const std::string_view text = places.line(near);
    const std::string_view indent = text.substr(0, text.find_first_not_of(" \t"));
    if (indent.find('\t') != std::string_view::npos) return "a tab stands in the indentation; YAML wants spaces";
  }
  const std::string& message = error.msg;
  const auto says = [&](std::string_view part) { return message.find(part) != std::string::npos; };
  if (says("end of map flow")) return "a '{' is not closed with '}', or a ',' is missing between two keys";
  if (says("end of sequence flow")) return "a '[' is not closed with ']', or a ',' is missing between two items";
  if (says("end of map not found")) return "a key does not line up with those above it, or its ':' is missing";
  if (says("end of sequence not found")) return "a '- ' does not line up with those above it";
  if (says("illegal map value")) return "a ':' stands where no value can begin; a text with ': ' needs quotes";
  if (says("found unterminated") || says("eof in quoted") || says("End of file")) return "a quote is not closed";
  return "is not YAML: " + message;
}

void refuse_bytes(std::string_view text, const Places& places) {
  if (const auto bad = utf8::first_invalid(text)) {
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
    const Origin start = places.at(static_cast<std::size_t>(line), 0);
    const std::size_t before = text.rfind('\n', *bad);
    const std::size_t byte = *bad - (before == std::string_view::npos ? 0 : before + 1) + 1;
    places.fail(start, fmt::format("byte {} of this line is not UTF-8; save the file as UTF-8", byte));
  }
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
  });
  if (control != text.end()) {
    places.fail(places.at_offset(static_cast<std::size_t>(control - text.begin())),
                fmt::format("the control character U+{:04X} is not text", static_cast<unsigned>(*control)));
  }
}

Node parse(std::string_view text, const std::string& name, std::optional<Origin> fixed) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const Places places(text, name, std::move(fixed));
  if (text.size() > kLargestFile) {
    places.fail(places.at(0, 0), fmt::format("{} bytes are too many; a plan has at most 4 MiB", text.size()));
  }
  refuse_bytes(text, places);
  Builder builder(places);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    places.fail(places.at(error.mark), in_our_words(error, places));
  }
  return builder.take();
}

Node parse_file(const std::string& path, const std::string& bytes) {
  Node root = parse(bytes, path, std::nullopt);
  if (root.kind == Node::Kind::null) throw ConfigError(path + ": holds no keys; a plan begins with `name: …`");
  if (root.kind != Node::Kind::map) {
    throw ConfigError(
        fmt::format("{}: expected keys and values at the top, got {}", root.origin.text(), describe(root)));
  }
  return root;
}

// Takes `extends` out of the tree; the parent's path relative to the folder of `path`, or nothing.
std::optional<std::pair<std::string, Origin>> take_parent(Node& root, const std::string& path) {
  const auto at = std::find_if(root.entries.begin(), root.entries.end(),
                               [](const Node::Entry& entry) { return entry.key == "extends"; });
  if (at == root.entries.end()) return std::nullopt;
  const Node value = std::move(at->value);
  root.entries.erase(at);
  if (value.kind != Node::Kind::scalar || value.scalar.empty()) {
    throw ConfigError(
        fmt::format("{}: extends: expected the path of one file, got {}", value.origin.text(), describe(value)));
  }
  const std::filesystem::path parent = std::filesystem::path(path).parent_path() / value.scalar;
  return std::pair(parent.lexically_normal().string(), value.origin);
}

std::string chain(const std::vector<std::string>& files, const std::string& last) {
  std::string text;
  for (const std::string& file : files) text += file + " -> ";
  return text + last;
}

}  // namespace

Node parse_yaml(std::string_view text, const std::string& name) { return parse(text, name, std::nullopt); }

Loaded load(const std::string& path, std::span<const std::string> sets) {
  Loaded loaded;
  std::vector<Node> layers;  // the file, its parent, …
  std::string file = path;
  Origin asked_by;
  for (;;) {
    if (std::find(loaded.files.begin(), loaded.files.end(), file) != loaded.files.end()) {
      throw ConfigError(
          fmt::format("{}: extends goes in a circle: {}", asked_by.text(), chain(loaded.files, file)));
    }
    std::string reason;
    const auto bytes = try_read_file(file, reason);
    if (!bytes && layers.empty()) throw ConfigError(fmt::format("{}: cannot be read: {}", file, reason));
    if (!bytes) {
      throw ConfigError(fmt::format("{}: extends: {} cannot be read: {} ({})", asked_by.text(), file, reason,
                                    chain(loaded.files, file)));
    }
    layers.push_back(parse_file(file, *bytes));
    loaded.files.push_back(file);
    const auto parent = take_parent(layers.back(), file);
    if (!parent) break;
    std::tie(file, asked_by) = *parent;
  }
  loaded.root = std::move(layers.back());
  for (std::size_t i = layers.size() - 1; i-- > 0;) loaded.root = merge(std::move(loaded.root), layers[i]);
  for (const std::string& set : sets) loaded.root = apply_set(std::move(loaded.root), set);
  return loaded;
}

Node apply_set(Node root, const std::string& set) {
  const Origin origin{Origin::Kind::set, set};
  const std::size_t equals = set.find('=');
  if (equals == std::string::npos) {
    throw ConfigError(fmt::format("{}: expected KEY=VALUE, for example model.hidden=256", origin.text()));
  }
  const Node value = parse(std::string_view(set).substr(equals + 1), set, origin);
  return apply_override(std::move(root), set.substr(0, equals), value, origin);
}

}  // namespace regard::config
