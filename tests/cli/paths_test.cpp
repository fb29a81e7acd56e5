// Where the relative paths of a plan start, and files that move.
#include <fmt/format.h>

#include "tests/cli/text_sandbox.h"

namespace regard::test {
namespace {

const std::string kStart = "; a relative path in a plan starts at the folder of the plan's file";

// The texts and the plan in lab/, and a folder beside it.
class Apart final {
 public:
  explicit Apart(const std::string& plan = files_plan()) {
    fs::create_directories(path() / "lab/deep");
    fs::create_directory(path() / "other");
    write_texts(path() / "lab");
    write_file(path() / "lab/p.yaml", plan);
  }
  [[nodiscard]] const fs::path& path() const { return folder_.path(); }
  [[nodiscard]] Ended run(const std::string& from, const std::vector<std::string>& words) const {
    std::vector<std::string> all{"run"};
    all.insert(all.end(), words.begin(), words.end());
    return regard(path() / from, all);
  }
  [[nodiscard]] std::string digest(const std::string& folder) const {
    return regard(path(), {"digest", folder}).out;
  }

 private:
  TempFolder folder_;
};

}  // namespace

TEST_CASE("paths: those of a plan start at its folder wherever it is run from", "[cli]") {
  const Apart apart;
  const Ended here = apart.run("lab", {"p.yaml"});
  INFO(here.err);
  REQUIRE(here.code == 0);
  const Ended there = apart.run("other", {"../lab/p.yaml", "--out", "runs/x"});
  INFO(there.err);
  REQUIRE(there.code == 0);
  CHECK(apart.digest("lab/runs/tiny") == apart.digest("other/runs/x"));
  CHECK(read_file(apart.path() / "lab/runs/tiny/plan.folder") == "../..\n");
  CHECK(read_file(apart.path() / "other/runs/x/plan.folder") == "../../../lab\n");
  // The resolved plan is a plan of the same runs, from anywhere.
  const Ended again = apart.run("other", {"../lab/runs/tiny/plan.resolved.yaml", "--out", "../lab/runs/tiny"});
  CHECK(again.code == 0);
  CHECK(again.err == "0 runs to do, 1 done before\n");
  CHECK(apart.run("lab/deep", {"../runs/tiny/plan.resolved.yaml", "--out", "../../other/y"}).code == 0);
  CHECK(apart.digest("other/y") == apart.digest("lab/runs/tiny"));
}

TEST_CASE("paths: those of an extended plan start at its own folder", "[cli]") {
  const Apart apart;
  write_file(apart.path() / "other/child.yaml", "extends: ../lab/p.yaml\nname: child\n");
  const Ended end = apart.run("other", {"child.yaml"});
  INFO(end.err);
  REQUIRE(end.code == 0);
  CHECK(has(read_file(apart.path() / "other/runs/child/plan.resolved.yaml"),
            "train: [\"../lab/train.x\", \"../lab/train.y\"]"));
}

TEST_CASE("paths: those of --set and of environment variables start at the current folder", "[cli]") {
  const Apart apart(files_plan("{one: [\"${ONE_TEST:-one}.x\", \"${ONE_TEST:-one}.y\"]}"));
  const auto sources = [&](const std::string& script) {
    const Ended end = shell(apart.path() / "other", script);
    INFO(end.err);
    CHECK(end.code == 0);
    return read_file(apart.path() / "other/runs/tiny/data/tests/one.source");
  };
  const std::string run = "rm -rf runs && $REGARD run ../lab/p.yaml --out runs/tiny";
  CHECK(sources(run) == read_file(apart.path() / "lab/one.x"));
  CHECK(sources("export ONE_TEST=../lab/two; " + run) == read_file(apart.path() / "lab/two.x"));
  write_rows(apart.path() / "other", "own", 3, 5);
  CHECK(sources(run + " --set data.files.test.one='[own.x, own.y]'") == read_file(apart.path() / "other/own.x"));
}

TEST_CASE("paths: a file that is missing is named with the plan's line and the path that was tried", "[cli]") {
  const Apart apart(
      files_plan("{one: [one.x, one.y]}", "", "decoding: {replace_unknown: true, dictionary: words}\n"));
  const auto refused = [&](const std::vector<std::string>& words) {
    const Ended end = apart.run("other", words);
    CHECK(end.code == 2);
    CHECK_FALSE(fs::exists(apart.path() / "other/runs"));
    return end.err;
  };
  CHECK(refused({"../lab/p.yaml"}) ==
        "error: ../lab/p.yaml:6:47: decoding.dictionary: ../lab/words: cannot be read: no such file or folder" +
            kStart + " (system 'general')\n");
  write_file(apart.path() / "lab/words", "a b\n");
  fs::remove(apart.path() / "lab/valid.y");
  CHECK(refused({"../lab/p.yaml"}) ==
        "error: ../lab/p.yaml:2:50: data.files.valid.2: ../lab/valid.y: cannot be read: no such file or folder" +
            kStart + "\n");
  CHECK(
      refused({"../lab/p.yaml", "--set", "data.files.valid=[v.x, v.y]"}) ==
      "error: --set data.files.valid=[v.x, v.y]: data.files.valid.1: ../other/v.x: cannot be read: no such file or folder\n");
}

TEST_CASE("paths: a folder of an older version goes on and is verified", "[cli]") {
  const Apart apart;
  REQUIRE(apart.run("lab", {"p.yaml"}).code == 0);
  fs::remove(apart.path() / "lab/runs/tiny/plan.folder");
  CHECK(regard(apart.path() / "lab", {"verify", "runs/tiny"}).code == 0);
  CHECK(apart.run("lab", {"runs/tiny/plan.resolved.yaml"}).err == "0 runs to do, 1 done before\n");
  CHECK(apart.run("lab", {"p.yaml", "--seeds", "1,2"}).code == 0);
}

TEST_CASE("paths: a file that moves or has another name trains and decodes nothing again", "[cli]") {
  const Texts texts(files_plan());
  const auto last = fs::last_write_time(texts.lab / "general/seed-1/checkpoints/last.safetensors");
  const auto beam = fs::last_write_time(texts.lab / "general/seed-1/hypotheses/one.txt");
  fs::create_directory(texts.lab.path() / "moved");
  for (const char* file : {"train.x", "valid.y", "one.x"})
    fs::rename(texts.lab.path() / file, texts.lab.path() / "moved" / file);
  std::string plan = files_plan("{one: [moved/one.x, one.y]}");
  for (const auto& [from, to] :
       {std::pair<std::string, std::string>{"[train.x, ", "[moved/train.x, "}, {"valid.y]", "moved/valid.y]"}})
    plan.replace(plan.find(from), from.size(), to);
  texts.lab.change(plan);
  texts.run_as_fresh();
  CHECK(fs::last_write_time(texts.lab / "general/seed-1/checkpoints/last.safetensors") == last);
  CHECK(fs::last_write_time(texts.lab / "general/seed-1/hypotheses/one.txt") == beam);
}

TEST_CASE("paths: another label of the corpus trains and decodes nothing again", "[cli]") {
  const Texts texts(files_plan());
  const auto last = fs::last_write_time(texts.lab / "general/seed-1/checkpoints/last.safetensors");
  const auto beam = fs::last_write_time(texts.lab / "general/seed-1/hypotheses/one.txt");
  std::string plan = files_plan();
  plan.insert(plan.find("train: "), "name: my corpus, ");
  texts.lab.change(plan);
  texts.run_as_fresh();
  CHECK(json_of(texts.lab / "data/data.json")["corpus"] == "my corpus");
  CHECK(has(read_file(texts.lab / "report/index.html"), "my corpus"));
  CHECK(fs::last_write_time(texts.lab / "general/seed-1/checkpoints/last.safetensors") == last);
  CHECK(fs::last_write_time(texts.lab / "general/seed-1/hypotheses/one.txt") == beam);
}

}  // namespace regard::test
