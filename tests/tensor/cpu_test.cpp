#include "framework/tensor/cpu.h"

#include <string>

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard {
namespace {

TEST_CASE("cpu: the best set can be forced and the sets below it too") {
  const InstructionSet before = instruction_set();
  for (int i = 0; i <= static_cast<int>(best_instruction_set()); ++i) {
    force_instruction_set(static_cast<InstructionSet>(i));
    CHECK(instruction_set() == static_cast<InstructionSet>(i));
  }
  force_instruction_set(before);
}

TEST_CASE("cpu: a set that this processor has not is refused") {
  if (best_instruction_set() == InstructionSet::amx) {
    WARN("skipped: this processor supports every set");
    return;
  }
  CHECK_THROWS_WITH(force_instruction_set(InstructionSet::amx),
                    "force_instruction_set: this processor does not support amx; the best it supports is " +
                        std::string(name_of(best_instruction_set())));
}

}  // namespace
}  // namespace regard
