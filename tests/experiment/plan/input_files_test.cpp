#include "framework/experiment/plan/input_files.h"

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/sha256.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensors.h"

namespace regard::experiment {
namespace {

// "KEY FILE" of each.
std::vector<std::string> listed(const InputFiles& files) {
  std::vector<std::string> all;
  for (const auto& [key, file] : files) all.push_back(key + " " + file.given);
  return all;
}

Plan plan_with(const std::string& keys) {
  return make_plan(config::parse_yaml("name: p\ndata: {corpus: reverse}\n" + keys, "p.yaml"));
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("input_files: files are found at any depth of a value by their keys") {
  config::Options inner;
  inner.put("model", {config::Path("m")});
  inner.put("empty", {config::Path()});
  inner.put("words", {std::string("text")});
  config::Options options;
  options.put("list", {config::Value::List{{config::Path("a")}, {config::Path("b")}}});
  options.put("section", {inner});
  options.put("variant", {config::Tagged{.name = "v", .options = inner}});
  CHECK(listed(files_in({options}, "data")) ==
        Words{"data.list.1 a", "data.list.2 b", "data.section.model m", "data.variant.model m"});
  CHECK(listed(files_in({config::Path("a")}, "key")) == Words{"key a"});
  CHECK(files_in({Index{3}}, "key").empty());
}

TEST_CASE("input_files: those of a system are of data model training and decoding") {
  const Plan plan = make_plan(config::parse_yaml(
      "name: p\ndata: {files: {train: [t.en, t.fr], valid: [v.en, v.fr], test: {x: [x.en, x.fr]}}}\n"
      "decoding: {dictionary: d.txt, replace_unknown: true}\n"
      "systems: {a: {model.attention: dot, model.encoder.embeddings: e.vec, training.warm_start: w.safetensors},\n"
      "          b: {model.attention: dot}}\n",
      "p.yaml"));
  const Words data{"data.files.train.1 t.en", "data.files.train.2 t.fr",  "data.files.valid.1 v.en",
                   "data.files.valid.2 v.fr", "data.files.test.x.1 x.en", "data.files.test.x.2 x.fr"};
  Words a = data;
  a.insert(a.end(),
           {"model.encoder.embeddings e.vec", "training.warm_start w.safetensors", "decoding.dictionary d.txt"});
  Words b = data;
  b.emplace_back("decoding.dictionary d.txt");
  CHECK(listed(input_files(plan, plan.systems[0])) == a);
  CHECK(listed(input_files(plan, plan.systems[1])) == b);
}

TEST_CASE("input_files: a file is read once and one that is gone has no hash") {
  const test::TempFolder folder;
  write_file(folder / "a", "text");
  const config::Path a((folder / "a").string()), gone((folder / "gone").string());
  ContentHashes hashes;
  CHECK(hashes.of({{"x", a}, {"y", gone}, {"z", a}}) ==
        std::map<std::string, std::string>{{"x", sha256("text")}, {"z", sha256("text")}});
  write_file(folder / "a", "other");
  CHECK(hashes.of({{"x", a}}).at("x") == sha256("text"));
  write_file(folder / "gone", "here");
  CHECK(hashes.of({{"y", gone}}).at("y") == sha256("here"));
  CHECK(ContentHashes().of({{"x", a}}).at("x") == sha256("other"));
}

TEST_CASE("input_files: one that is not there is refused with its key and system except the text") {
  const test::TempFolder folder;
  const std::string gone = (folder / "w.safetensors").string();
  const Plan plan = plan_with("systems: {a: {training.warm_start: " + gone + "}, b: {}}\n");
  const auto refused = [&](std::size_t system) {
    return testing::thrown<ConfigError>([&] { require_input_files(plan, plan.systems[system]); });
  };
  CHECK(refused(0) ==
        "p.yaml:3:36: training.warm_start: " + gone + ": cannot be read: no such file or folder (system 'a')");
  CHECK(refused(1) == "nothing was thrown");
  write_file(gone, "");
  CHECK(refused(0) == "nothing was thrown");
  const Plan text = make_plan(config::parse_yaml(
      "name: p\ndata: {files: {train: [no.en, no.fr], valid: [no.en, no.fr]}}\nsystems: {a: {}}\n", "p.yaml"));
  CHECK(testing::thrown<ConfigError>([&] { require_input_files(text, text.systems[0]); }) == "nothing was thrown");
}

}  // namespace regard::experiment
