#include "framework/tensor/instruction_sets.h"

#include <csignal>
#include <thread>

#include "framework/base/files.h"
#include "framework/base/process.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard {
namespace {

// Runs one of the hidden cases below in a separate process.
std::optional<std::string> tried(const std::string& name) {
  return try_in_process({this_program(), "child of instruction_sets: " + name}, {});
}

void child(const std::function<bool()>& passes) {
  const KernelTrial trials[] = {{"functions", [] { return true; }}, {"products in bfloat16", passes}};
  CHECK(run_trials(trials) == 0);
}

}  // namespace

TEST_CASE("child of instruction_sets: works", "[.]") {
  child([] { return true; });
}
TEST_CASE("child of instruction_sets: has an unknown instruction", "[.]") {
  child([]() -> bool { __builtin_trap(); });
}
TEST_CASE("child of instruction_sets: reads protected memory", "[.]") {
  child([] { return std::raise(SIGSEGV) == 0; });
}
TEST_CASE("child of instruction_sets: computes a wrong result", "[.]") {
  child([] { return false; });
}
TEST_CASE("child of instruction_sets: is killed from outside", "[.]") {
  child([] { return std::raise(SIGKILL) == 0; });
}

TEST_CASE("instruction_sets: a set that crashes or is wrong is reported with the failed path") {
  CHECK(tried("works") == "");
  CHECK(tried("has an unknown instruction") == "products in bfloat16: killed by signal 4 (Illegal instruction)");
  CHECK(tried("reads protected memory") == "products in bfloat16: killed by signal 11 (Segmentation fault)");
  CHECK(tried("computes a wrong result") == "products in bfloat16: the results are wrong");
}

TEST_CASE("instruction_sets: a trial that was killed from outside gives no outcome") {
  CHECK_FALSE(tried("is killed from outside"));
  CHECK_FALSE(try_in_process({"/bin/false"}, {}));
}

TEST_CASE("instruction_sets: the best working set is chosen and each failed one is one line") {
  using Set = InstructionSet;
  const ChosenSet whole = choose_instruction_set(Set::amx, [](Set) { return ""; });
  CHECK(whole.set == Set::amx);
  CHECK(whole.warnings.empty());
  const ChosenSet chosen = choose_instruction_set(Set::amx, [](Set set) {
    return set > Set::avx512 ? *tried("has an unknown instruction") : *tried("works");
  });
  CHECK(chosen.set == Set::avx512);
  CHECK(chosen.warnings ==
        std::vector<std::string>{
            "instruction set amx does not work on this machine (products in bfloat16: killed by signal 4 (Illegal "
            "instruction)), so avx512_bf16 is used; REGARD_ISA=amx forces it",
            "instruction set avx512_bf16 does not work on this machine (products in bfloat16: killed by signal 4 "
            "(Illegal instruction)), so avx512 is used; REGARD_ISA=avx512_bf16 forces it"});
  const ChosenSet none = choose_instruction_set(Set::avx2, [](Set) { return "broken"; });
  CHECK(none.set == Set::baseline);
  CHECK(none.warnings.size() == 1);
}

TEST_CASE("instruction_sets: outcomes are stored by machine and build and set") {
  const test::TempFolder folder;
  const auto file = folder / "cache/regard/instruction_sets";
  const TrialMemory memory(file, "one"), other(file, "two");
  CHECK_FALSE(memory.outcome(InstructionSet::amx));
  memory.store(InstructionSet::amx, "products: killed by signal 4 (Illegal instruction)");
  memory.store(InstructionSet::avx2, "works");
  CHECK(memory.outcome(InstructionSet::amx) == "products: killed by signal 4 (Illegal instruction)");
  CHECK(memory.outcome(InstructionSet::avx2) == "works");
  CHECK_FALSE(memory.outcome(InstructionSet::avx512));
  CHECK_FALSE(other.outcome(InstructionSet::amx));
  memory.store(InstructionSet::amx, "works");
  CHECK(memory.outcome(InstructionSet::amx) == "works");
  for (int i = 0; i < 150; ++i) other.store(InstructionSet::avx2, "works");
  CHECK_FALSE(memory.outcome(InstructionSet::amx));  // the oldest lines went
  CHECK(read_log(file).size() == 100);
}

TEST_CASE("instruction_sets: a file of outcomes that cannot be written is ignored") {
  const test::TempFolder folder;
  write_file(folder / "file", "");
  const TrialMemory memory(folder / "file/regard/instruction_sets", "one");
  memory.store(InstructionSet::amx, "works");
  CHECK_FALSE(memory.outcome(InstructionSet::amx));
}

TEST_CASE("instruction_sets: machine and build are one constant word") {
  const std::string word = machine_and_build();
  CHECK(word.size() == 16);
  CHECK(word.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(word == machine_and_build());
}

}  // namespace regard
