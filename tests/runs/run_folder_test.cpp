#include "framework/runs/run_folder.h"

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard::runs {

TEST_CASE("run folder: paths are those of the contract") {
  const RunFolder folder{"runs/a"};
  CHECK(folder.resolved_plan() == "runs/a/plan.resolved.yaml");
  CHECK(folder.data_facts() == "runs/a/data/data.json");
  CHECK(folder.test_source("test") == "runs/a/data/tests/test.source");
  CHECK(folder.test_target_tokens("test") == "runs/a/data/tests/test.target.tokens");
  CHECK(folder.test_alignment("test") == "runs/a/data/tests/test.align");
  const RunPaths run = folder.run("dot", 3);
  CHECK(run.folder == "runs/a/dot/seed-3");
  CHECK(run.last_checkpoint() == "runs/a/dot/seed-3/checkpoints/last.safetensors");
  CHECK(run.hypotheses("test") == "runs/a/dot/seed-3/hypotheses/test.txt");
  CHECK(run.greedy_hypotheses("test") == "runs/a/dot/seed-3/hypotheses/test.greedy.txt");
  CHECK(run.hypothesis_tokens("test") == "runs/a/dot/seed-3/hypotheses/test.tokens.txt");
  CHECK(run.attention("test") == "runs/a/dot/seed-3/attention/test.jsonl");
}

TEST_CASE("run folder: a name that cannot be a file name is refused") {
  CHECK_NOTHROW(require_file_name("system", "général +coverage"));
  CHECK_NOTHROW(require_file_name("system", "log-2.yaml"));
  for (const char* name : {"", ".", "..", ".lock", ".hidden", "a/b", "a\nb", "--help", "-h", "-x", "\xe9"}) {
    INFO(name);
    CHECK_THROWS_AS(require_file_name("system", name), ConfigError);
  }
  CHECK_THROWS_AS(require_file_name("system", std::string(201, 'a')), ConfigError);
  const std::string rule =
      ": the name is used for a folder or file, so it needs 1 to 200 bytes of UTF-8 without '/' or control "
      "characters, must not start with '-' or '.', and cannot be one of the run folder's own names "
      "(claim.jsonl, data, decisions.json, external, log, plan.folder, plan.resolved.yaml, "
      "plan.yaml, plugins, progress.json, report, timing, tune, tune.json)";
  CHECK_THROWS_WITH(require_file_name("system", "../a"), "a system is named \"../a\"" + rule);
  CHECK_THROWS_WITH(require_file_name("system", "a\xe9"), "a system is named \"(not UTF-8)\"" + rule);
}

TEST_CASE("run folder: a system cannot have the name of one of the folder's own files") {
  const RunFolder folder{"runs/a"};
  for (const Path& own : {folder.plan(), folder.plan_folder(), folder.resolved_plan(), folder.plugins(),
                          folder.progress(), folder.tune(), folder.tuning(), folder.decisions(),
                          folder.claim_history(), folder.data(), folder.externals(), folder.report()}) {
    INFO(own);
    CHECK_THROWS_AS(require_file_name("system", own.filename().string()), ConfigError);
  }
  const RunPaths run = folder.run("dot", 1);
  for (const Path& own : {run.log(), run.timing()}) {
    INFO(own);
    CHECK_THROWS_AS(require_file_name("test set", own.stem().string()), ConfigError);
  }
}

}  // namespace regard::runs
