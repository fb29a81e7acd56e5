// The only file that uses yaml-cpp. It reads events, not nodes, because each event has a position, and because events
// show duplicate keys and distinguish quoted from plain scalars.
#include "framework/config/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "framework/config/yaml_positions.h"

namespace regard::config {
namespace {

// yaml-cpp counts lines, and bytes in a line, from 0; -1 means no position.
std::size_t line_of(const YAML::Mark& mark) { return static_cast<std::size_t>(std::max(mark.line, 0)); }
std::size_t byte_of(const YAML::Mark& mark) { return static_cast<std::size_t>(std::max(mark.column, 0)); }

class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const YamlPositions& positions) : positions_(positions) {}

  [[nodiscard]] Node take() { return std::move(root_); }
  [[nodiscard]] int documents() const { return documents_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 2) positions_.fail(place_of(mark), "a second document starts; a plan has only one");
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark&, const std::string&) override {}  // the node with the anchor is refused

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    if (positions_.writes_null(line_of(mark), byte_of(mark))) node.scalar = "null";
    value(mark, "?", anchor, std::move(node));
  }
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
  [[nodiscard]] Origin place_of(const YAML::Mark& mark) const {
    return positions_.at(line_of(mark), byte_of(mark));
  }

  // A list or map that is being read, and for a map the key whose value comes next.
  struct Open {
    Node node;
    std::optional<Node> key;
    std::unordered_map<std::string, Index> lines;  // the line of each key of a map
  };

  [[noreturn]] void refuse_anchor(const YAML::Mark& mark) const { positions_.fail(place_of(mark), kNoAnchors); }
  void check_plain(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    if (anchor != 0) refuse_anchor(mark);
    if (!tag.empty() && tag != "?" && tag != "!") {
      positions_.fail(place_of(mark), fmt::format("tags are not allowed in a plan; remove '{}'", tag));
    }
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    check_plain(mark, tag, anchor);
    // The parser reports an unclosed bracket as a list that is a key.
    if (expects_key())
      positions_.fail_at_bracket(line_of(mark), byte_of(mark), "a key must be text, not a list or a map");
    if (open_.size() >= kDeepestNesting) {
      positions_.fail(place_of(mark), fmt::format("nested more than {} levels deep", kDeepestNesting));
    }
    Open opened;
    opened.node.kind = kind;
    opened.node.origin = place_of(mark);
    open_.push_back(std::move(opened));
  }
  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    place(std::move(node));
  }
  void value(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node node) {
    check_plain(mark, tag, anchor);
    if (node.quoted) positions_.check_closed(line_of(mark), byte_of(mark));
    node.origin = place_of(mark);
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
    if (key.kind == Node::Kind::null)
      positions_.fail(key.origin, "a key is missing before ':' (or is written null)");
    if (key.scalar == "<<" && !key.quoted) {
      positions_.fail(key.origin, "merge keys (<<) are not allowed in a plan; use `extends`");
    }
    const auto [first, fresh] = open_.back().lines.emplace(key.scalar, key.origin.line);
    if (!fresh) {
      positions_.fail(key.origin, fmt::format("key '{}' is given twice{}; the first is at line {}", key.scalar,
                                              inside(), first->second));
    }
    open_.back().key = std::move(key);
  }
  // Returns the section that is being read, as " in model.encoder"; "" at the top.
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
      if (node.kind == Node::Kind::null) node.origin = key.origin;  // its own is that of the next item
      open_.back().key.reset();
      open_.back().node.entries.push_back({std::move(key.scalar), std::move(key.origin), std::move(node)});
    }
  }

  const YamlPositions& positions_;
  std::vector<Open> open_;
  Node root_;
  int documents_ = 0;
};

Node parse(std::string_view text, const std::string& name, std::optional<Origin> fixed) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const YamlPositions positions(text, name, std::move(fixed));
  positions.refuse_what_is_no_text();
  Builder builder(positions);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    positions.fail_in_our_words(line_of(error.mark), byte_of(error.mark), error.msg);
  }
  return builder.take();
}

}  // namespace

Node parse_yaml(std::string_view text, const std::string& name) { return parse(text, name, std::nullopt); }

Node parse_yaml_at(std::string_view text, const Origin& origin) { return parse(text, {}, origin); }

}  // namespace regard::config
