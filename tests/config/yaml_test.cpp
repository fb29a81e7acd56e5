#include "framework/config/yaml.h"

#include <string>

#include "framework/base/errors.h"
#include "framework/config/write.h"
#include "tests/support/catch.h"

namespace regard::config {
namespace {

// Returns the error of reading the text, or its tree as YAML.
std::string outcome(const std::string& text) {
  try {
    return to_yaml(parse_yaml(text, "x.yaml"));
  } catch (const ConfigError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("yaml: values and keys have their line and column") {
  const Node root =
      parse_yaml("name: quick\nmodel:\n  hidden: 128\n  sizes: [1, 22]\n\nseeds:\n  - 1\n  - 2\n", "c/x.yaml");
  CHECK(root.find("name")->origin.text() == "c/x.yaml:1:7");
  CHECK(root.find("model")->origin.text() == "c/x.yaml:3:3");
  CHECK(root.find("model.hidden")->origin.text() == "c/x.yaml:3:11");
  CHECK(root.get("model")->entries[1].origin.text() == "c/x.yaml:4:3");
  CHECK(root.find("model.sizes")->items[1].origin.text() == "c/x.yaml:4:14");
  CHECK(root.find("seeds")->items[1].origin.text() == "c/x.yaml:8:5");
  CHECK(root.entries[2].origin.text() == "c/x.yaml:6:1");
}

TEST_CASE("yaml: a column counts characters and not bytes") {
  const Node root = parse_yaml("{\xC3\xA9t\xC3\xA9: 1, chat: \xF0\x9F\x90\x88, noir: x}\n", "x.yaml");
  CHECK(root.get("chat")->origin.text() == "x.yaml:1:16");
  CHECK(root.get("noir")->origin.text() == "x.yaml:1:25");
  CHECK(root.get("chat")->scalar == "\xF0\x9F\x90\x88");
}

TEST_CASE("yaml: scalars keep their text and record whether they were quoted") {
  const Node root = parse_yaml(
      "a: 010\nb: yes\nc: 'it''s'\nd: \"x\\ty\"\ne: ~\nf:\ng: |\n  two\n  lines\nh: .inf\ni: null\n", "x");
  CHECK(root.get("a")->scalar == "010");
  CHECK(root.get("b")->scalar == "yes");
  CHECK_FALSE(root.get("b")->quoted);
  CHECK(root.get("c")->scalar == "it's");
  CHECK(root.get("c")->quoted);
  CHECK(root.get("d")->scalar == "x\ty");
  CHECK(root.get("e")->kind == Node::Kind::null);
  CHECK(root.get("f")->kind == Node::Kind::null);
  CHECK(root.get("g")->scalar == "two\nlines\n");
  CHECK(root.get("h")->scalar == ".inf");
  CHECK(root.get("i")->kind == Node::Kind::null);
}

TEST_CASE("yaml: CR LF and a byte order mark are accepted and change no place") {
  const Node root = parse_yaml("\xEF\xBB\xBFname: quick\r\nmodel:\r\n  hidden: 128\r\n", "x.yaml");
  CHECK(root.get("name")->origin.text() == "x.yaml:1:7");
  CHECK(root.find("model.hidden")->scalar == "128");
  CHECK(root.find("model.hidden")->origin.text() == "x.yaml:3:11");
}

TEST_CASE("yaml: a key given twice is an error at the second") {
  CHECK(outcome("model:\n  hidden: 1\n  cell: lstm\n  hidden: 2\n") ==
        "x.yaml:4:3: key 'hidden' is given twice in model; the first is at line 2");
  CHECK(outcome("a: 1\n\"a\": 2\n") == "x.yaml:2:1: key 'a' is given twice; the first is at line 1");
  CHECK(outcome("s: {v: {model.attention: dot, model.attention: none}}\n") ==
        "x.yaml:1:31: key 'model.attention' is given twice in s.v; the first is at line 1");
}

namespace {
const std::string no_anchors =
    "anchors and aliases are not part of a plan, so that each value has one place for messages and --set; write the "
    "value out, or use `extends`";
}  // namespace

TEST_CASE("yaml: the time of reading grows linearly with the number of keys") {
  std::string block = "systems:\n";
  std::string flow = "{";
  for (int i = 0; i < 60000; ++i) {
    block += fmt::format("  s{}:\n", i);
    flow += fmt::format("s{}: 1, ", i);
  }
  CHECK(parse_yaml(block, "x.yaml").get("systems")->entries.size() == 60000);
  CHECK(parse_yaml(flow + "z: 1}", "x.yaml").entries.back().origin.column == static_cast<Index>(flow.size()) + 1);
}

TEST_CASE("yaml: a written null differs from a missing value") {
  const Node root = parse_yaml("a: null\nb:\nnull_like: ~\nc: {d: , e: NULL}\nf:\n", "x.yaml");
  CHECK(root.get("a")->scalar == "null");
  CHECK(root.get("b")->scalar.empty());
  CHECK(root.get("null_like")->scalar == "null");
  CHECK(root.find("c.d")->scalar.empty());
  CHECK(root.find("c.e")->scalar == "null");
  CHECK(root.get("f")->scalar.empty());
}

TEST_CASE("yaml: anchors and tags and merge keys and second documents are refused") {
  CHECK(outcome("base: &b {x: 1}\n") == "x.yaml:1:7: " + no_anchors);
  CHECK(outcome("a: &b 1\n") == "x.yaml:1:4: " + no_anchors);
  CHECK(outcome("<<: {x: 1}\n") == "x.yaml:1:1: merge keys (<<) are not allowed in a plan; use `extends`");
  CHECK(outcome("a: !!int 3\n") == "x.yaml:1:4: tags are not allowed in a plan; remove 'tag:yaml.org,2002:int'");
  CHECK(outcome("a: !mine {b: 1}\n") == "x.yaml:1:4: tags are not allowed in a plan; remove '!mine'");
  CHECK(outcome("a: 1\n---\nb: 2\n") == "x.yaml:2:1: a second document starts; a plan has only one");
  CHECK(outcome("? [a, b]\n: 1\n") == "x.yaml:1:3: a key must be text, not a list or a map");
  CHECK(outcome("~: 1\n") == "x.yaml:1:1: a key is missing before ':' (or is written null)");
}

TEST_CASE("yaml: syntax errors have our words and their place") {
  CHECK(outcome("model:\n\thidden: 1\n") == "x.yaml:2:1: there is a tab in the indentation; YAML needs spaces");
  CHECK(outcome("model: {hidden: 1\nname: x\n") ==
        "x.yaml:2:5: a '{' is not closed with '}', or a ',' is missing between two keys");
  CHECK(outcome("seeds: [1, 2\nname: x\n") ==
        "x.yaml:2:5: a '[' is not closed with ']', or a ',' is missing between two items");
  CHECK(outcome("seeds: [1, 2\n") ==
        "x.yaml:2:1: a '[' is not closed with ']', or a ',' is missing between two items");
  CHECK(outcome("[1, 'a]'") == "x.yaml:1:1: a '[' is not closed");
  const std::string colon =
      "a ':' is not allowed here; correct the indentation, or put a text with ': ' in quotes";
  CHECK(outcome("name: a: b\n") == "x.yaml:1:8: " + colon);
  CHECK(outcome("a: 1\n  b: 2\n") == "x.yaml:2:4: " + colon);
  CHECK(outcome("a\nb: 1\n") == "x.yaml:2:2: " + colon);
  CHECK(outcome("name: \"open\nmodel: 1\n") == "x.yaml:1:7: the quote \" is not closed");
  CHECK(outcome("name: 'it''s\nmodel: 1\n") == "x.yaml:1:7: the quote ' is not closed");
  CHECK(outcome("name: \"open\\\"\nmodel: 1\n") == "x.yaml:1:7: the quote \" is not closed");
  const std::string line_up = "a key does not line up with those above it, or its ':' is missing";
  CHECK(outcome("a:\n  - 1\n b: 2\n") == "x.yaml:3:2: " + line_up);
  CHECK(outcome("a: 'x' y\n") == "x.yaml:1:8: " + line_up);
  CHECK(outcome("a: @x\n") == "x.yaml:1:4: a text that starts with '@' needs quotes");
  CHECK(outcome("a: %x\n") == "x.yaml:1:4: a text that starts with '%' needs quotes");
  CHECK(outcome("a: `x`\n") == "x.yaml:1:4: a text that starts with '`' needs quotes");
  CHECK(outcome("a: }\n") == "x.yaml:1:4: a '}' has no opening bracket");
  CHECK(outcome("a: \"\\q\"\n") == "x.yaml:1:7: is not YAML: unknown escape character: q");
  CHECK(outcome("a: *x\n") == "x.yaml:1:4: " + no_anchors);
  CHECK(outcome("%YAML 3.0\n---\na: 1\n") == "x.yaml:1:1: is not YAML: YAML major version too large");
}

TEST_CASE("yaml: invalid UTF-8 and control characters are errors with their place") {
  CHECK(outcome("name: x\nmodel: \xFF\n") ==
        "x.yaml:2:1: byte 8 of this line is not UTF-8; save the file as UTF-8");
  CHECK(outcome("\xFFname: x\n") == "x.yaml:1:1: byte 1 of this line is not UTF-8; save the file as UTF-8");
  CHECK(outcome(std::string("a: 1\nb: \0\n", 10)) == "x.yaml:2:4: the control character U+0000 is not text");
  CHECK(outcome("a: \x04\n") == "x.yaml:1:4: the control character U+0004 is not text");
}

TEST_CASE("yaml: very deep nesting is an error and not a crash") {
  const std::string message = "x.yaml:1:101: nested more than 100 levels deep";
  CHECK(outcome(std::string(101, '[') + std::string(101, ']')) == message);
  CHECK(outcome(std::string(200000, '[')) == "x.yaml:1:1: nested more than 100 levels deep");
  CHECK(outcome(std::string(100, '[') + std::string(100, ']')).starts_with("-"));
  std::string maps;
  for (int i = 0; i < 300; ++i) maps += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(outcome(maps) == "x.yaml:101:101: nested more than 100 levels deep");
  std::string flow_maps;
  for (int i = 0; i < 20000; ++i) flow_maps += "{a: ";
  CHECK(outcome(flow_maps) == "x.yaml:1:1: nested more than 100 levels deep");
}

TEST_CASE("yaml: a file that is too large is refused before it is read") {
  CHECK(outcome(std::string((4U << 20) + 1, '#')) ==
        "x.yaml:1:1: 4194305 bytes are too many; a plan has at most 4 MiB");
}

}  // namespace regard::config
