// Tests the commands that only print or write something.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/tensor/cpu.h"
#include "tests/cli/program.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"

namespace regard::test {

TEST_CASE("regard explain: --markdown writes docs/plan.md", "[cli]") {
  const TempFolder folder;
  const Ended said = regard(folder.path(), {"explain", "--markdown"});
  CHECK(said.code == 0);
  INFO("docs/plan.md differs; write it again: regard explain --markdown > docs/plan.md");
  CHECK(read_file(REGARD_PLAN_PAGE) == said.out);
}

TEST_CASE("regard explain: a key is shown with its accepted values", "[cli]") {
  const TempFolder folder;
  CHECK(regard(folder.path(), {"explain", "decoding.beam"}).out ==
        "decoding.beam\n  hypotheses kept of a sentence; 1 is greedy. Time grows with it\n"
        "  accepts  a whole number from 1 to 1000\n  default  5\n  unit     hypotheses\n"
        "  stage    decoding: another value decodes and scores again, and trains nothing\n");
  CHECK(
      regard(folder.path(), {"explain", "extends"}).out.starts_with("extends\n  another plan, on which this one"));
}

TEST_CASE("regard schema: it writes docs/plan.schema.json and the configs name that file", "[cli]") {
  const Ended end = regard(".", {"schema"});
  CHECK(end.code == 0);
  const std::filesystem::path docs = std::filesystem::path(REGARD_PLAN_PAGE).parent_path();
  CHECK((read_file(docs / "plan.schema.json") == end.out));  // `regard schema > docs/plan.schema.json`
  for (const auto& entry : std::filesystem::recursive_directory_iterator(docs.parent_path() / "configs")) {
    if (entry.path().extension() != ".yaml") continue;
    INFO(entry.path());
    const std::string way = (docs / "plan.schema.json").lexically_relative(entry.path().parent_path()).string();
    CHECK(read_file(entry.path()).starts_with("# yaml-language-server: $schema=" + way + "\n"));
  }
}

TEST_CASE("regard schema: it is JSON with the sections of a plan", "[cli]") {
  const TempFolder folder;
  const auto schema = nlohmann::json::parse(regard(folder.path(), {"schema"}).out);
  for (const char* key : {"name", "data", "model", "systems", "seeds", "training", "decoding", "report"}) {
    CHECK(schema["properties"].contains(key));
  }
}

TEST_CASE("regard list: it lists variants and corpora", "[cli]") {
  const TempFolder folder;
  const std::string all = regard(folder.path(), {"list"}).out;
  for (const char* name : {"  none: ", "  dot: ", "  general: ", "  concat: ", "  chat_noir: ", "  reverse: "}) {
    CHECK(all.find(name) != std::string::npos);
  }
  CHECK(regard(folder.path(), {"list", "corpus"}).out.starts_with("corpus\n"));
}

TEST_CASE("regard corpus: it writes the files and prints their sizes", "[cli]") {
  const TempFolder folder;
  const Ended end = regard(folder.path(), {"corpus", "reverse", "--out", "new", "--set", "train=20", "--set",
                                           "valid=3", "--set", "test=2", "--set", "test_long=1"});
  CHECK(end.code == 0);
  CHECK(end.out == "reverse: 20 training, 3 validation, 2 test, 1 test_long sentence pairs in new\n");
  CHECK(std::filesystem::exists(folder / "new"));
}

TEST_CASE("regard: help is on standard output and usage without a command on standard error", "[cli]") {
  const TempFolder folder;
  const Ended bare = regard(folder.path(), {});
  const Ended help = regard(folder.path(), {"--help"});
  CHECK(bare.code == 2);
  CHECK(bare.out.empty());
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  CHECK(help.out == bare.err);
  CHECK(help.out.find("worker") == std::string::npos);
  CHECK(regard(folder.path(), {"run", "--help"}).out.starts_with("usage: regard run PLAN"));
  CHECK(regard(folder.path(), {"--version"}).out.starts_with("regard 0."));
}

TEST_CASE("regard: output to a full disk is an error", "[cli]") {
  const TempFolder folder;
  write_file(folder / "p.yaml", tiny_plan());
  write_file(folder / "a", "one two\n");
  REQUIRE(regard(folder.path(), {"run", "p.yaml"}).code == 0);
  for (const char* command :
       {"--version", "--help", "list", "explain", "schema", "status --help", "score --ref a a", "status runs/tiny",
        "digest runs/tiny", "verify runs/tiny", "report runs/tiny", "clean runs/tiny", "run p.yaml", "check dot",
        "attend --model runs/tiny/general/seed-1 's1 s2'",
        "attend --json --model runs/tiny/general/seed-1 's1 s2'"}) {
    INFO(command);
    const Ended full = shell(folder.path(), fmt::format("$REGARD {} > /dev/full", command));
    CHECK(full.code == 2);
    CHECK_THAT(full.err, EndsWith("error: standard output: cannot be written: no space is left on the disk\n"));
  }
}

TEST_CASE("regard: a reader that is gone is not an error", "[cli]") {
  const TempFolder folder;
  for (const char* command : {"explain", "schema", "list", "--help"}) {
    INFO(command);
    const Ended end =
        shell(folder.path(), fmt::format("$REGARD {} | true; $REGARD {} | head -n 1", command, command));
    CHECK(end.code == 0);
    CHECK(end.err.empty());
  }
  // With the signal ignored, which some parents do, the write itself fails.
  const Ended ignored = shell(folder.path(),
                              "trap '' PIPE; { sleep 0.2; $REGARD schema; echo $? > code; } | true; "
                              "sleep 1; cat code");
  CHECK(ignored.out == "0\n");
  CHECK(ignored.err.empty());
}

// Writes the outcome that a crashing set would leave in the file of outcomes.
TEST_CASE("regard check: kernels that do not work here are not used and give one line", "[cli]") {
  if (best_instruction_set() == InstructionSet::baseline) REGARD_SKIP("baseline is all there is here");
  const TempFolder folder;
  const std::string check = "XDG_CACHE_HOME=$PWD REGARD_ISA= $REGARD check dot";
  const Ended first = shell(folder.path(), check);
  CHECK(first.code == 0);
  CHECK(first.err == "");
  const std::string known = read_file(folder / "regard/instruction_sets");
  const std::string best(name_of(best_instruction_set()));
  REQUIRE(known.ends_with(" " + best + " works\n"));
  const std::string failure = "products in bfloat16: killed by signal 4 (Illegal instruction)";
  write_file(folder / "regard/instruction_sets", known.substr(0, known.size() - 6) + failure + "\n");
  const auto next = static_cast<InstructionSet>(static_cast<int>(best_instruction_set()) - 1);
  const Ended second = shell(folder.path(), check);
  CHECK(second.code == 0);
  CHECK(second.err == fmt::format("warning: instruction set {0} does not work on this "
                                  "machine ({1}), so {2} is used; REGARD_ISA={0} forces it\n",
                                  best, failure, name_of(next)));
  const Ended forced = shell(folder.path(), "XDG_CACHE_HOME=$PWD REGARD_ISA=" + best + " $REGARD check dot");
  CHECK(forced.code == 0);
  CHECK(forced.err == "");
}

TEST_CASE("regard run: runs use the instruction set that their parent chose", "[cli]") {
  if (best_instruction_set() == InstructionSet::baseline) REGARD_SKIP("baseline is all there is here");
  const TempFolder folder;
  write_file(folder / "p.yaml", tiny_plan("{vanilla: {model.attention: none}}", "[1]", "1"));
  static_cast<void>(shell(folder.path(), "XDG_CACHE_HOME=$PWD $REGARD check dot"));
  std::string known = read_file(folder / "regard/instruction_sets");
  REQUIRE(known.ends_with(" works\n"));
  write_file(folder / "regard/instruction_sets", known.replace(known.size() - 6, 5, "products: broken"));
  const Ended run = shell(folder.path(), "XDG_CACHE_HOME=$PWD $REGARD run p.yaml");
  CHECK(run.code == 0);
  CHECK(run.err.starts_with("warning: instruction set "));
  const auto manifest =
      nlohmann::json::parse(read_file(folder / "runs/tiny/vanilla/seed-1/manifest.json"), nullptr, false);
  const auto next = static_cast<InstructionSet>(static_cast<int>(best_instruction_set()) - 1);
  CHECK(manifest.value("instruction_set", "") == name_of(next));
}

}  // namespace regard::test
