#include "framework/tensor/cpu.h"

#include <cstdlib>
#include <string>

#include "framework/base/errors.h"
#include "framework/base/process.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"

namespace regard {

TEST_CASE("cpu: the best set can be forced and the sets below it too") {
  const InstructionSet before = instruction_set();
  for (int i = 0; i <= static_cast<int>(best_instruction_set()); ++i) {
    force_instruction_set(static_cast<InstructionSet>(i));
    CHECK(instruction_set() == static_cast<InstructionSet>(i));
  }
  force_instruction_set(before);
}

TEST_CASE("cpu: a set that this processor does not have is refused") {
  if (best_instruction_set() == InstructionSet::amx) REGARD_SKIP("this processor supports every set");
  const std::string rest = ": this processor does not support amx; the best it supports is " +
                           std::string(name_of(best_instruction_set()));
  CHECK_THROWS_WITH(force_instruction_set(InstructionSet::amx), "force_instruction_set" + rest);
  CHECK_THROWS_WITH(instruction_set_named("amx"), "REGARD_ISA" + rest);
}

TEST_CASE("cpu: an unknown set is refused") {
  CHECK(instruction_set_named("baseline") == InstructionSet::baseline);
  CHECK_THROWS_WITH(instruction_set_named("sse9"),
                    "REGARD_ISA: expected baseline, avx2, avx512, avx512_bf16 or amx, got \"sse9\"");
}

// The case below also runs it, in a separate process.
TEST_CASE("cpu: the set in use is the best one or the one that the environment names") {
  const char* text = std::getenv("REGARD_ISA");
  CHECK(instruction_set() == (text == nullptr ? best_instruction_set() : instruction_set_named(text)));
}

TEST_CASE("cpu: the environment forces a set") {
  Process process({this_program(), "cpu: the set in use is the best one or the one that the environment names"},
                  {"REGARD_ISA=baseline"}, {.output = "/dev/null"});
  process.wait();
  CHECK(process.exit_code() == 0);
}

}  // namespace regard
