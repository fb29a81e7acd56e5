#include "framework/config/write.h"

#include <string>
#include <vector>

#include "framework/base/random.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"

namespace regard::config {
namespace {

// Returns a text of up to eight characters that are difficult to write as YAML.
std::string odd_text(Key key) {
  static const std::vector<std::string> pieces{
      "a",    "Z",        "0",  "9",   " ",   ":",  ": ",  " #",  "#",    "-",   "- ",   "?",
      "'",    "\"",       "\\", "\n",  "\t",  "\r", ",",   "[",   "]",    "{",   "}",    "&",
      "*",    "!",        "|",  ">",   "%",   "@",  "`",   "~",   "null", "yes", "true", "\xC3\xA9",
      "\x01", "\xC2\x85", "<<", "...", "---", "=",  "1e3", "0x1", ".",    "_",   "/",    "\xE2\x80\xA8",
      "+",    "$"};
  std::string text;
  const Index count = key.below(9, 0);
  for (Index i = 1; i <= count; ++i)
    text += pieces[static_cast<std::size_t>(key.below(static_cast<Index>(pieces.size()), i))];
  return text;
}

Node odd_tree(Key key, int depth) {
  const Index kind = key.below(depth > 4 ? 4 : 6, 100);
  if (kind == 0) return make_null();
  if (kind == 1) return make_plain(std::to_string(key.below(2000, 101) - 1000));
  if (kind == 2) return make_plain(number_text(key.normal(101)));
  if (kind == 3) return make_text(odd_text(key.with("text")));
  const Index count = key.below(4, 101);
  Node node = kind == 4 ? make_list() : make_map();
  for (Index i = 0; i < count; ++i) {
    Node child = odd_tree(key.with(i), depth + 1);
    if (kind == 4) {
      node.items.push_back(std::move(child));
    } else {
      node.put(odd_text(key.with("key").with(i)), std::move(child));
    }
  }
  return node;
}

}  // namespace

TEST_CASE("to yaml: maps are blocks and lists of scalars are one line") {
  const std::string text =
      "name: quick\nmodel:\n  hidden: 128\n  list: [1, 2, null]\n  "
      "empty: {}\n  none: []\nfiles:\n  - [a, b]\n  -\n    x: 1\n";
  CHECK(to_yaml(parse_yaml(text, "x")) == text);
  CHECK(to_yaml(parse_yaml("3", "x")) == "3\n");
  CHECK(to_yaml(parse_yaml("{}", "x")) == "{}\n");
  CHECK(to_yaml(parse_yaml("~", "x")) == "null\n");
}

TEST_CASE("to yaml: text that could be read as another type is quoted") {
  for (const char* text :
       {"",    "yes", "No",   "ON",   "null", "~",  "true", "1",   "1.5", "010", "-",
        "- a", ".5",  "a: b", "a #b", " a",   "a ", "a\nb", "[a]", "{a",  "'a'", "\"a\"",
        "\\",  "*a",  "&a",   "!a",   "%a",   "@a", "`a",   "<<",  "=",   "?",   "\xC3\xA9t\xC3\xA9",
        "n",   "+1",  "0x1f", "12:30"}) {
    INFO(text);
    CHECK(needs_quotes(text));
    const Node node = make_text(text);
    CHECK(same(parse_yaml(to_yaml(node), "x"), node));
  }
  for (const char* text : {"a", "word", "two words", "a.b", "data/a.en", "/data/a-b_c.en", "dot", "newline"}) {
    CHECK_FALSE(needs_quotes(text));
    CHECK(to_yaml(make_text(text)) == std::string(text) + "\n");
  }
}

TEST_CASE("to yaml: two thousand difficult trees are read back unchanged") {
  for (Index i = 0; i < 2000; ++i) {
    const Node tree = odd_tree(Key(1, "odd trees").with(i), 0);
    const std::string text = to_yaml(tree);
    if (!same(parse_yaml(text, "x"), tree)) FAIL("tree " << i << ":\n" << text);
  }
  SUCCEED();
}

TEST_CASE("to yaml: a loaded file is written and read back unchanged") {
  const Node root =
      parse_yaml("a: 'quoted'\nb: plain words/here\nc: 1e-3\nd: [x, 'y', -1, -.5]\ne: a#b\nf: -x\n", "x");
  const Node again = parse_yaml(to_yaml(root), "x");
  CHECK(again.get("c")->scalar == "1e-3");
  CHECK_FALSE(again.get("c")->quoted);
  CHECK(again.get("f")->scalar == "-x");
  CHECK(again.get("e")->scalar == "a#b");
  CHECK(again.get("d")->items[3].scalar == "-.5");
}

TEST_CASE("number text: it is the shortest text with a point") {
  CHECK(number_text(0.002) == "0.002");
  CHECK(number_text(1) == "1.0");
  CHECK(number_text(1e-5) == "1.0e-05");
  CHECK(number_text(1.5e300) == "1.5e+300");
  CHECK(number_text(0.1 + 0.2) == "0.30000000000000004");
  CHECK(number_text(0) == "0.0");
}

TEST_CASE("write: values by their dotted keys") {
  const Node node = parse_yaml("a: 1\nb: {c: [1, 2], d: {}, e: {f: \"x y\"}}\n", "plan.yaml");
  CHECK(by_dotted_key(node) ==
        std::map<std::string, std::string>{{"a", "1"}, {"b.c", "[1, 2]"}, {"b.d", "{}"}, {"b.e.f", "x y"}});
}

}  // namespace regard::config
