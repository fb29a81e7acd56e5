#include "framework/config/yaml.h"

#include <string>
#include <vector>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/write.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::config {
namespace {

// The message that reading the text gives, or its tree as YAML.
std::string outcome(const std::string& text) {
  try {
    return to_yaml(parse_yaml(text, "x.yaml"));
  } catch (const ConfigError& error) {
    return error.what();
  }
}

// Files in a folder, loaded as a user would who stands in that folder.
class Plans final {
 public:
  Plans() : before_(std::filesystem::current_path()) { std::filesystem::current_path(folder_.path()); }
  Plans(const Plans&) = delete;
  Plans& operator=(const Plans&) = delete;
  ~Plans() { std::filesystem::current_path(before_); }

  void write(const std::string& name, const std::string& text) const {
    make_folder((folder_ / name).parent_path());
    write_file(folder_ / name, text);
  }
  [[nodiscard]] static std::string outcome(const std::string& name, const std::vector<std::string>& sets = {}) {
    try {
      return to_yaml(load(name, sets).root);
    } catch (const ConfigError& error) {
      return error.what();
    }
  }

 private:
  test::TempFolder folder_;
  std::filesystem::path before_;
};

}  // namespace

TEST_CASE("yaml: values and keys know where they were written") {
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

TEST_CASE("yaml: scalars keep their text and whether they were quoted") {
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

TEST_CASE("yaml: CR LF and a byte order mark are accepted and move no place") {
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

TEST_CASE("yaml: what hides where a value comes from is refused") {
  CHECK(outcome("base: &b {x: 1}\n") ==
        "x.yaml:1:7: anchors and aliases are not part of a plan; write the value out, or use `extends`");
  CHECK(outcome("a: &b 1\n") ==
        "x.yaml:1:4: anchors and aliases are not part of a plan; write the value out, or use `extends`");
  CHECK(outcome("<<: {x: 1}\n") == "x.yaml:1:1: merge keys (<<) are not part of a plan; use `extends`");
  CHECK(outcome("a: !!int 3\n") ==
        "x.yaml:1:4: the tag 'tag:yaml.org,2002:int' is not part of a plan; take it away");
  CHECK(outcome("a: !mine {b: 1}\n") == "x.yaml:1:4: the tag '!mine' is not part of a plan; take it away");
  CHECK(outcome("a: 1\n---\nb: 2\n") == "x.yaml:2:1: a second document begins; a plan is one document");
  CHECK(outcome("? [a, b]\n: 1\n") == "x.yaml:1:3: a key must be text, not a list or a map");
  CHECK(outcome("~: 1\n") == "x.yaml:1:1: a key is missing before ':' (or is written null)");
}

TEST_CASE("yaml: mistakes of syntax are said in our words at their place") {
  CHECK(outcome("model:\n\thidden: 1\n") == "x.yaml:2:1: a tab stands in the indentation; YAML wants spaces");
  CHECK(outcome("model: {hidden: 1\nname: x\n") ==
        "x.yaml:2:5: a '{' is not closed with '}', or a ',' is missing between two keys");
  CHECK(outcome("seeds: [1, 2\nname: x\n") ==
        "x.yaml:2:5: a '[' is not closed with ']', or a ',' is missing between two items");
  CHECK(outcome("seeds: [1, 2\n") ==
        "x.yaml:2:1: a '[' is not closed with ']', or a ',' is missing between two items");
  CHECK(outcome("[1, 'a]'") == "x.yaml:1:1: a '[' is not closed");
  const std::string colon =
      "a ':' stands where no value can begin; mend the indentation, or put a text with ': ' in quotes";
  CHECK(outcome("name: a: b\n") == "x.yaml:1:8: " + colon);
  CHECK(outcome("a: 1\n  b: 2\n") == "x.yaml:2:4: " + colon);
  CHECK(outcome("a\nb: 1\n") == "x.yaml:2:2: " + colon);
  CHECK(outcome("name: \"open\nmodel: 1\n") == "x.yaml:1:7: the quote \" is not closed");
  CHECK(outcome("name: 'it''s\nmodel: 1\n") == "x.yaml:1:7: the quote ' is not closed");
  CHECK(outcome("name: \"open\\\"\nmodel: 1\n") == "x.yaml:1:7: the quote \" is not closed");
  const std::string line_up = "a key does not line up with those above it, or its ':' is missing";
  CHECK(outcome("a:\n  - 1\n b: 2\n") == "x.yaml:3:2: " + line_up);
  CHECK(outcome("a: 'x' y\n") == "x.yaml:1:8: " + line_up);
  CHECK(outcome("a: @x\n") == "x.yaml:1:4: a text that begins with '@' needs quotes");
  CHECK(outcome("a: %x\n") == "x.yaml:1:4: a text that begins with '%' needs quotes");
  CHECK(outcome("a: `x`\n") == "x.yaml:1:4: a text that begins with '`' needs quotes");
  CHECK(outcome("a: }\n") == "x.yaml:1:4: a '}' closes nothing");
  CHECK(outcome("a: \"\\q\"\n") == "x.yaml:1:7: is not YAML: unknown escape character: q");
  CHECK(outcome("a: *x\n") ==
        "x.yaml:1:4: anchors and aliases are not part of a plan; write the value out, or use `extends`");
  CHECK(outcome("%YAML 3.0\n---\na: 1\n") == "x.yaml:1:1: is not YAML: YAML major version too large");
}

TEST_CASE("yaml: bytes that are no text are named by line and byte") {
  CHECK(outcome("name: x\nmodel: \xFF\n") ==
        "x.yaml:2:1: byte 8 of this line is not UTF-8; save the file as UTF-8");
  CHECK(outcome("\xFFname: x\n") == "x.yaml:1:1: byte 1 of this line is not UTF-8; save the file as UTF-8");
  CHECK(outcome(std::string("a: 1\nb: \0\n", 10)) == "x.yaml:2:4: the control character U+0000 is not text");
  CHECK(outcome("a: \x04\n") == "x.yaml:1:4: the control character U+0004 is not text");
}

TEST_CASE("yaml: very deep nesting ends with a message and not with a crash") {
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

TEST_CASE("load: a file without keys says so") {
  const Plans plans;
  plans.write("empty.yaml", "");
  plans.write("comment.yaml", "# nothing\n");
  plans.write("list.yaml", "\n- a\n- b\n");
  plans.write("word.yaml", "hello\n");
  CHECK(Plans::outcome("empty.yaml") == "empty.yaml: holds no keys; a plan begins with `name: …`");
  CHECK(Plans::outcome("comment.yaml") == "comment.yaml: holds no keys; a plan begins with `name: …`");
  CHECK(Plans::outcome("list.yaml") == "list.yaml:2:1: expected keys and values at the top, got a list");
  CHECK(Plans::outcome("word.yaml") == "word.yaml:1:1: expected keys and values at the top, got \"hello\"");
  CHECK(Plans::outcome("none.yaml") == "none.yaml: cannot be read: no such file or folder");
  CHECK(Plans::outcome(".") == ".: cannot be read: it is a folder, not a file");
}

TEST_CASE("load: a plan extends another and each value keeps its own place") {
  const Plans plans;
  plans.write("base/model.yaml", "model: {cell: gru, hidden: 64, sizes: [1, 2]}\nseeds: [1]\n");
  plans.write("base/all.yaml", "extends: model.yaml\nname: all\nmodel: {hidden: 128}\n");
  plans.write("mine.yaml", "name: mine\nextends: base/all.yaml\nmodel:\n  sizes: [3]\n");
  const Loaded loaded = load("mine.yaml");
  CHECK(to_yaml(loaded.root) == "model:\n  cell: gru\n  hidden: 128\n  sizes: [3]\nseeds: [1]\nname: mine\n");
  CHECK(loaded.files == std::vector<std::string>{"mine.yaml", "base/all.yaml", "base/model.yaml"});
  CHECK(where(loaded.root, "model.hidden").text() == "base/all.yaml:3:17");
  CHECK(where(loaded.root, "model.cell").text() == "base/model.yaml:1:15");
  CHECK(where(loaded.root, "model.sizes").text() == "mine.yaml:4:10");
}

TEST_CASE("load: a circle of extends and a missing parent are shown with the chain") {
  const Plans plans;
  plans.write("a.yaml", "extends: p/b.yaml\n");
  plans.write("p/b.yaml", "extends: ../c.yaml\n");
  plans.write("c.yaml", "\nextends: ./a.yaml\n");
  CHECK(Plans::outcome("a.yaml") ==
        "c.yaml:2:10: extends goes in a circle: a.yaml -> p/b.yaml -> c.yaml -> a.yaml");
  plans.write("self.yaml", "extends: self.yaml\n");
  CHECK(Plans::outcome("./self.yaml") == "./self.yaml:1:10: extends goes in a circle: ./self.yaml -> self.yaml");
  plans.write("d.yaml", "extends: e.yaml\n");
  plans.write("e.yaml", "extends: f.yaml\n");
  CHECK(Plans::outcome("d.yaml") ==
        "e.yaml:1:10: extends: f.yaml cannot be read: no such file or folder (d.yaml -> e.yaml -> f.yaml)");
  plans.write("g.yaml", "extends: [a.yaml, b.yaml]\n");
  CHECK(Plans::outcome("g.yaml") == "g.yaml:1:10: extends: expected the path of one file, got a list");
  plans.write("h.yaml", "extends:\nname: x\n");
  CHECK(Plans::outcome("h.yaml") == "h.yaml:1:1: extends: expected the path of one file, got nothing");
  plans.write("i.yaml", "extends: bad.yaml\n");
  plans.write("bad.yaml", "a: 1\na: 2\n");
  CHECK(Plans::outcome("i.yaml") == "bad.yaml:2:1: key 'a' is given twice; the first is at line 1");
}

TEST_CASE("load: --set lays values over the file") {
  const Plans plans;
  plans.write("a.yaml", "model: {hidden: 64, attention: {type: concat, hidden: 8}}\nseeds: [1, 2]\n");
  const std::vector<std::string> sets{"model.hidden=128",    "seeds=[4]",      "training.batch.tokens=512",
                                      "model.attention=dot", "name='my plan'", "note="};
  const Loaded loaded = load("a.yaml", sets);
  CHECK(to_yaml(loaded.root) ==
        "model:\n  hidden: 128\n  attention: dot\nseeds: [4]\ntraining:\n  batch:\n    tokens: 512\n"
        "name: \"my plan\"\nnote: null\n");
  CHECK(where(loaded.root, "model.hidden").text() == "--set model.hidden=128");
  CHECK(where(loaded.root, "training.batch.tokens").text() == "--set training.batch.tokens=512");
}

TEST_CASE("load: a --set that cannot be meant is an error") {
  const Plans plans;
  plans.write("a.yaml", "seeds: [1]\n");
  CHECK(Plans::outcome("a.yaml", {"seeds"}) == "--set seeds: expected KEY=VALUE, for example model.hidden=256");
  CHECK(Plans::outcome("a.yaml", {"=3"}) == "--set =3: the key '' has an empty part");
  CHECK(Plans::outcome("a.yaml", {"a..b=3"}) == "--set a..b=3: the key 'a..b' has an empty part");
  CHECK(Plans::outcome("a.yaml", {"seeds.0=3"}) ==
        "--set seeds.0=3: a dotted key leads into a list; give the whole list instead");
  CHECK(Plans::outcome("a.yaml", {"a=[1"}) == "--set a=[1: a '[' is not closed");
  std::string deep = "a";
  for (int i = 0; i < 40; ++i) deep += ".a";
  CHECK(Plans::outcome("a.yaml", {deep + "=1"}) == "--set " + deep + "=1: the key has more than 32 parts");
}

}  // namespace regard::config
