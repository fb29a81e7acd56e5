#include "framework/runs/run_folder.h"

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard::runs {

TEST_CASE("run folder: paths are the contract's") {
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

TEST_CASE("run folder: a name that cannot be a file is refused") {
  CHECK_NOTHROW(require_file_name("system", "général +coverage"));
  for (const char* name : {"", ".", "..", "a/b", "a\nb", "data", "plugins", "report"}) {
    INFO(name);
    CHECK_THROWS_AS(require_file_name("system", name), ConfigError);
  }
  CHECK_THROWS_AS(require_file_name("system", std::string(201, 'a')), ConfigError);
  CHECK_THROWS_WITH(
      require_file_name("system", "../a"),
      "a system is named \"../a\": the name becomes a folder or file, so give it 1 to 200 bytes without "
      "'/' or control characters, and not \".\", \"..\", \"data\", \"external\", \"plugins\", \"report\" or "
      "\"tune\"");
}

}  // namespace regard::runs
