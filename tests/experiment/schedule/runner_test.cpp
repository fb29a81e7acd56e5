// The parts of the runner, without a process: data/ and its errors, pairing, the digest.
// tests/cli/run_test.cpp runs whole plans with the program.
#include "framework/experiment/schedule/runner.h"

#include <filesystem>
#include <string>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/process.h"
#include "framework/models/seq2seq.h"
#include "framework/runs/digest.h"
#include "tests/experiment/tiny_plan.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/toy.h"

namespace regard::experiment {
TEST_CASE("pairing: common parameters of two systems start with equal bytes") {
  const Plan plan = tiny();
  const Corpora corpora = load_corpora(plan, nowhere());
  const auto model = [&](const char* name, std::uint64_t seed) {
    return std::make_unique<models::Seq2Seq>(system_named(plan, name).model, corpora.prepared.source.size(),
                                             corpora.prepared.target.size(), seed);
  };
  const auto vanilla = model("vanilla", 1);
  const auto general = model("general", 1);
  const auto other_seed = model("vanilla", 2);
  Index common = 0;
  Index differ = 0;
  for (const nn::Param& param : vanilla->params().all()) {
    for (const nn::Param& other : general->params().all()) {
      if (other.name() != param.name() || other.value().shape() != param.value().shape()) continue;
      ++common;
      CHECK(testing::bytes_of(param.value()) == testing::bytes_of(other.value()));
    }
    for (const nn::Param& other : other_seed->params().all()) {
      if (other.name() == param.name())
        differ += testing::bytes_of(param.value()) != testing::bytes_of(other.value());
    }
  }
  CHECK(common >= 8);
  CHECK(differ >= 4);
}

TEST_CASE("digest: results count and measurements do not") {
  const test::TempFolder folder;
  const auto file = [&](const std::string& name, const std::string& text) {
    make_folder((folder / name).parent_path());
    write_file(folder / name, text);
    return runs::digest_of(folder.path()).digest;
  };
  CHECK_THROWS_WITH(runs::digest_of(folder.path()),
                    folder.path().string() + ": has no plan.resolved.yaml; give the folder of a plan's runs");
  const std::string first = file("plan.resolved.yaml", "name: a\n");
  CHECK(first.size() == 64);
  for (const char* name : {"plan.yaml", "a/seed-1/manifest.json", "a/seed-1/timing.jsonl", "a/seed-1/log.txt",
                           ".lock", "a/seed-1/scores.json.partial", "report/index.html"}) {
    INFO(name);
    CHECK(file(name, "x") == first);
  }
  const std::string second = file("a/seed-1/scores.json", "x");
  CHECK(second != first);
  CHECK(file("a/seed-1/scores.json", "y") != second);
  CHECK(file("a/seed-1/scores.json", "x") == second);
  CHECK(runs::digest_of(folder.path()).files.size() == 2);
}

TEST_CASE("process: it reports how a child ended") {
  Process exits({"/bin/sh", "-c", "echo one; echo two; exit $CODE"}, {"CODE=3"});
  std::vector<std::string> lines;
  while (exits.read_lines(lines)) {
  }
  exits.wait();
  CHECK(lines == std::vector<std::string>{"one", "two"});
  CHECK(exits.exit_code() == 3);
  CHECK(exits.killed_by() == 0);
  Process killed({"/bin/sh", "-c", "kill -9 $$"}, {});
  killed.wait();
  CHECK(killed.killed_by() == 9);
  CHECK_THROWS_WITH(Process({"/nonexistent/program"}, {}),
                    "/nonexistent/program cannot be started: no such file or folder");
}

}  // namespace regard::experiment
