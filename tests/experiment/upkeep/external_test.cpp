#include "framework/experiment/upkeep/external.h"

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/runs/results.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::experiment {
namespace {

struct Translated : fixture::TranslatedFolder {
  std::string refusal(const std::string& system, const std::string& test = "") const {
    try {
      experiment::add_external(folder, system, test, file);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  // The plan of a folder like this with these keys of `report.external`.
  [[nodiscard]] static Plan plan(const std::string& external) {
    return make_plan(config::parse_yaml(
        "name: p\ndata: {corpus: reverse}\nsystems: {a: {}}\nreport: {external: {" + external + "}}\n", "p.yaml"));
  }
};

bool is_there(const Path& path) { return std::filesystem::exists(path); }

}  // namespace

TEST_CASE("external: the folder keeps it until it is removed") {
  const Translated lab;
  add_external(lab.folder, "moses", "test", lab.file);
  std::filesystem::remove(lab.file);
  CHECK(runs::load_results(lab.folder.folder).plan.systems.size() == 3);
  CHECK(remove_external(lab.folder, "moses"));
  CHECK_FALSE(remove_external(lab.folder, "moses"));
  CHECK(runs::load_results(lab.folder.folder).plan.systems.size() == 2);
}

TEST_CASE("external: a byte order mark and carriage returns are no text") {
  const Translated lab;
  std::string text = "\xEF\xBB\xBF";
  for (int i = 0; i < 20; ++i) text += "le chat .\r\n";
  write_file(lab.file, text);
  add_external(lab.folder, "moses", "test", lab.file);
  CHECK(read_file(lab.folder.external("moses", "test")).starts_with("le chat .\nle chat .\n"));
}

TEST_CASE("external: what does not fit is refused and nothing is written") {
  Translated lab;
  CHECK(lab.refusal("general") == "a system of the plan is named 'general'; give the other program another name");
  CHECK(lab.refusal("moses", "tset") ==
        "no test set is named 'tset'; did you mean 'test'? The folder has: test, test_long");
  CHECK(lab.refusal("moses", "nix") == "no test set is named 'nix'. The folder has: test, test_long");
  CHECK(lab.refusal("moses", "test_long") ==
        lab.file + ": 20 lines, but test_long has 10 sentences; a translation is one line a sentence");
  CHECK(lab.refusal("a/b").starts_with("a system is named \"a/b\": the name is used for a folder or file"));
  CHECK(lab.refusal("external").find("claim.jsonl, data, decisions.json, external, log, ") != std::string::npos);
  write_file(lab.file, "a\nb\xFF\n");
  CHECK(lab.refusal("moses") ==
        lab.file + ":2: byte 2 of the line (0xFF) is not UTF-8; convert the file to UTF-8");
  CHECK_FALSE(std::filesystem::exists(lab.folder.externals()));
  lab.file += ".gone";
  CHECK(lab.refusal("moses").starts_with(lab.file + ": "));
}

TEST_CASE("external: several test sets and none called test need a name") {
  const Translated lab;
  std::string facts = read_file(lab.folder.data_facts());
  facts.replace(facts.find("\"test\":"), 7, "\"dev\":");
  write_file(lab.folder.data_facts(), facts);
  CHECK(lab.refusal("moses") ==
        "the folder has several test sets; name the one "
        "that the file translates, as NAME:TEST=FILE. It has: dev, test_long");
}

TEST_CASE("external: a file of the same name and test set takes the place of the one before") {
  const Translated made;
  add_external(made.folder, "moses", "test", made.file);
  std::string text;
  for (int i = 0; i < 20; ++i) text += "autre\n";
  write_file(made.file, text);
  add_external(made.folder, "moses", "test", made.file);
  CHECK(read_file(made.folder.external("moses", "test")) == text);
}

TEST_CASE("external: those of a plan are added and go when a plan no longer names them") {
  const Translated made;
  std::string ten;
  for (int i = 0; i < 10; ++i) ten += "x\n";
  const std::string longer = (made.temporary.path() / "long.txt").string();
  write_file(longer, ten);
  const auto both = Translated::plan("moses: {test: " + made.file + ", test_long: " + longer +
                                     "}, other: {test: " + made.file + "}");
  add_externals(made.folder, both);
  CHECK(is_there(made.folder.external("moses", "test")));
  CHECK(is_there(made.folder.external("moses", "test_long")));
  CHECK(is_there(made.folder.external("other", "test")));
  add_external(made.folder, "mine", "test", made.file);  // by a command, not by the plan

  write_file(made.folder.resolved_plan(),
             "name: p\nreport: {external: {moses: {test: a, test_long: b}, other: {test: a}}}\n");
  forget_externals(made.folder, Translated::plan("moses: {test: " + made.file + "}"));
  CHECK(is_there(made.folder.external("moses", "test")));
  CHECK_FALSE(is_there(made.folder.external("moses", "test_long")));
  CHECK_FALSE(is_there(made.folder.externals() / "other"));
  CHECK(is_there(made.folder.external("mine", "test")));
  std::filesystem::remove(made.folder.resolved_plan());
  forget_externals(made.folder, Translated::plan("moses: {test: " + made.file + "}"));
  CHECK(is_there(made.folder.external("moses", "test")));
}

}  // namespace regard::experiment
