#include <string>
#include <vector>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::config {
namespace {

// Files in a folder, loaded with that folder as the current one.
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

TEST_CASE("load: a file without keys is an error that says so") {
  const Plans plans;
  plans.write("empty.yaml", "");
  plans.write("comment.yaml", "# nothing\n");
  plans.write("list.yaml", "\n- a\n- b\n");
  plans.write("word.yaml", "hello\n");
  CHECK(Plans::outcome("empty.yaml") == "empty.yaml: has no keys; a plan starts with `name: …`");
  CHECK(Plans::outcome("comment.yaml") == "comment.yaml: has no keys; a plan starts with `name: …`");
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

TEST_CASE("load: a circle of extends and a missing parent are errors that show the chain") {
  const Plans plans;
  plans.write("a.yaml", "extends: p/b.yaml\n");
  plans.write("p/b.yaml", "extends: ../c.yaml\n");
  plans.write("c.yaml", "\nextends: ./a.yaml\n");
  CHECK(Plans::outcome("a.yaml") == "c.yaml:2:10: extends is circular: a.yaml -> p/b.yaml -> c.yaml -> a.yaml");
  plans.write("self.yaml", "extends: self.yaml\n");
  CHECK(Plans::outcome("./self.yaml") == "./self.yaml:1:10: extends is circular: ./self.yaml -> self.yaml");
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

TEST_CASE("load: --set overrides values of the file") {
  const Plans plans;
  plans.write("a.yaml", "model: {hidden: 64, attention: {type: concat, hidden: 8}}\nseeds: [1, 2]\n");
  const std::vector<std::string> sets{"model.hidden=128",    "seeds=[4]",      "training.batch.tokens=512",
                                      "model.attention=dot", "name='my plan'", "note="};
  const Loaded loaded = load("a.yaml", sets);
  CHECK(to_yaml(loaded.root) ==
        "model:\n  hidden: 128\n  attention: dot\nseeds: [4]\ntraining:\n  batch:\n    tokens: 512\n"
        "name: \"my plan\"\nnote: null\n");
  CHECK(where(loaded.root, "model.hidden").text() == "--set model.hidden=128");
  CHECK(where(loaded.root, "note").text() == "--set note=");
  CHECK(where(loaded.root, "training.batch.tokens").text() == "--set training.batch.tokens=512");
}

TEST_CASE("load: a malformed --set is an error") {
  const Plans plans;
  plans.write("a.yaml", "seeds: [1]\n");
  CHECK(Plans::outcome("a.yaml", {"seeds"}) == "--set seeds: expected KEY=VALUE, for example model.hidden=256");
  CHECK(Plans::outcome("a.yaml", {"=3"}) == "--set =3: the key '' has an empty part");
  CHECK(Plans::outcome("a.yaml", {"a..b=3"}) == "--set a..b=3: the key 'a..b' has an empty part");
  CHECK(Plans::outcome("a.yaml", {"seeds.0=3"}) ==
        "--set seeds.0=3: a dotted key cannot change an item of a list; give the whole list");
  CHECK(Plans::outcome("a.yaml", {"a=[1"}) == "--set a=[1: a '[' is not closed");
  std::string deep = "a";
  for (int i = 0; i < 40; ++i) deep += ".a";
  CHECK(Plans::outcome("a.yaml", {deep + "=1"}) == "--set " + deep + "=1: the key has more than 32 parts");
}

}  // namespace regard::config
