#include "framework/runs/digest.h"

#include "framework/base/errors.h"
#include "framework/base/sha256.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::runs {
namespace {

void put(const Path& file, const std::string& text) {
  make_folder(file.parent_path());
  write_file(file, text);
}

}  // namespace

TEST_CASE("digest: only result files count and each with its path") {
  const test::TempFolder folder;
  const Path root = folder.path();
  const RunPaths run = RunFolder{root}.run("a", 1);
  put(RunFolder{root}.resolved_plan(), "name: p\n");
  put(run.history(), "{}\n");
  const Digest before = digest_of(root);
  CHECK(before.files == std::map<std::string, std::string>{{"a/seed-1/history.jsonl", sha256("{}\n")},
                                                           {"plan.resolved.yaml", sha256("name: p\n")}});
  CHECK(before.digest ==
        sha256(sha256("{}\n") + "  a/seed-1/history.jsonl\n" + sha256("name: p\n") + "  plan.resolved.yaml\n"));
  // Measurements, given files, files that can be made again, and leftovers of a kill.
  for (const Path& file :
       {run.manifest(), run.timing(), run.log(), run.events(), root / "plan.yaml", root / "plan.folder",
        root / "progress.json", root / "tune.json", root / "report" / "index.html", root / "external" / "x.txt",
        root / "tune" / "run.yaml", root / "data" / "prepared" / "a",
        Path(run.scores().string() + std::string(kPartialSuffix))}) {
    put(file, "anything");
  }
  CHECK(digest_of(root).digest == before.digest);
  put(run.history(), "{ }\n");
  CHECK(digest_of(root).digest != before.digest);
}

TEST_CASE("digest: a folder without a plan is refused with one sentence") {
  const test::TempFolder folder;
  CHECK_THROWS_AS(digest_of(folder.path()), FolderError);
  CHECK_THROWS_WITH(digest_of(folder.path()),
                    folder.path().string() + ": has no plan.resolved.yaml; give the folder of a plan's runs");
}

TEST_CASE("digest: a vocabulary that differs from data.json is refused by its name") {
  const test::TempFolder folder;
  const RunFolder runs{folder.path()};
  const Path file = runs.source_vocabulary();
  put(file, "word\n");
  CHECK_NOTHROW(require_own_vocabularies(runs));  // its hash is not recorded
  DataFacts facts;
  facts.hashes[file.filename().string()] = sha256("word\n");
  write_file(runs.data_facts(), to_json(facts));
  CHECK_NOTHROW(require_own_vocabularies(runs));
  write_file(file, "other\n");
  CHECK_THROWS_AS(require_own_vocabularies(runs), FolderError);
  CHECK_THROWS_WITH(require_own_vocabularies(runs),
                    file.string() +
                        ": does not belong to the checkpoints of its folder: its hash is not "
                        "the one in data.json; restore the file that was used to train them");
  std::filesystem::remove(file);
  CHECK_THROWS_AS(require_own_vocabularies(runs), DataError);
}

}  // namespace regard::runs
