#include "framework/experiment/upkeep/clean.h"

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/folder_lock.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensors.h"

namespace regard::experiment {
namespace {

// A folder whose plan has the systems a and b and the seeds 1 and 2; runs are a record and ten bytes.
class Folder final {
 public:
  Folder() { plan(""); }
  void plan(const std::string& below) const {
    make_folder(place_ / below);
    write_file(place_ / below / "plan.resolved.yaml",
               "name: p\nsystems:\n  a: {model.attention: none}\n  b: {model.attention: dot}\nseeds: [1, 2]\n");
  }
  void file(const std::string& name, const std::string& bytes = "0123456789") const {
    make_folder((place_ / name).parent_path());
    write_file(place_ / name, bytes);
  }
  void run(const std::string& name) const {
    file(name + "/run.yaml", "");
    file(name + "/checkpoints/best.safetensors");
  }
  [[nodiscard]] const Path& path() const { return place_.path(); }
  [[nodiscard]] bool has(const std::string& name) const { return std::filesystem::exists(place_ / name); }
  // "PATH: WHY (BYTES)" of each.
  [[nodiscard]] std::vector<std::string> listed() const {
    std::vector<std::string> all;
    for (const Leftover& item : leftovers_in(path())) {
      all.push_back(item.path.lexically_relative(path()).string() + ": " + item.why + " (" +
                    std::to_string(item.bytes) + ")");
    }
    return all;
  }

 private:
  test::TempFolder place_;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("clean: runs of systems and seeds that the plan does not have and half-written files are left over") {
  const Folder folder;
  for (const char* name : {"a/seed-1", "b/seed-2", "a/seed-3", "c/seed-1"}) folder.run(name);
  folder.file("c/seed-1/scores.json.partial");  // goes with its run
  folder.file("b/seed-2/history.jsonl.partial", "12345");
  folder.file("notes/seed-9/text");  // no run of ours
  folder.file("a/readme");
  folder.file("report/index.html");
  CHECK(folder.listed() == Lines{"a/seed-3: the plan has no such seed (10)",
                                 "b/seed-2/history.jsonl.partial: incomplete, because its writer was killed (5)",
                                 "c/seed-1: the plan has no such system (20)"});
}

TEST_CASE("clean: candidates of a tuning are held against the tuning's own plan") {
  const Folder folder;
  folder.run("tune/x-l0.1/seed-1");
  CHECK(folder.listed().empty());  // without a plan there it is no folder of candidates
  folder.plan("tune");
  folder.run("tune/a/seed-1");
  folder.run("tune/a/seed-5");
  CHECK(folder.listed() == Lines{"tune/a/seed-5: the plan has no such seed (10)",
                                 "tune/x-l0.1/seed-1: the plan has no such system (10)"});
}

TEST_CASE("clean: what is left over is removed with folders that become empty and nothing else") {
  const Folder folder;
  for (const char* name : {"a/seed-1", "a/seed-3", "c/seed-1"}) folder.run(name);
  folder.file("c/note.partial");
  remove_leftovers(folder.path(), leftovers_in(folder.path()));
  CHECK(folder.has("a/seed-1/run.yaml"));
  CHECK_FALSE(folder.has("a/seed-3"));
  CHECK_FALSE(folder.has("c"));
  CHECK(folder.has("plan.resolved.yaml"));
  CHECK(folder.listed().empty());
}

TEST_CASE("clean: a folder in use is left alone and one without a plan is refused") {
  const Folder folder;
  folder.run("c/seed-1");
  const auto leftovers = leftovers_in(folder.path());
  {
    const FolderLock lock(folder.path());
    CHECK_THROWS_AS(remove_leftovers(folder.path(), leftovers), FolderError);
    CHECK(folder.has("c/seed-1"));
  }
  const test::TempFolder empty;
  CHECK(testing::thrown<FolderError>([&] { static_cast<void>(leftovers_in(empty.path())); }) ==
        empty.path().string() +
            ": is not a run folder: it has no plan.resolved.yaml; give the folder that `regard run` wrote");
}

}  // namespace regard::experiment
