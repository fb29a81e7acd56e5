#include "framework/tensor/kernel_trials.h"

#include "tests/support/catch.h"
#include "tests/tensor/gemm/gemm_paths.h"

namespace regard {

TEST_CASE("kernel_trials: every instruction set of this machine passes all trials") {
  for (int i = 0; i <= static_cast<int>(best_instruction_set()); ++i) {
    const auto set = static_cast<InstructionSet>(i);
    const testing::ForcedPath forced({Backend::own, set, Precision::float32});
    const std::vector<KernelTrial> trials = kernel_trials();
    CHECK(trials.size() == (set == InstructionSet::baseline ? 3 : 5));
    for (const KernelTrial& trial : trials) {
      INFO(name_of(set) << ' ' << trial.name);
      CHECK(trial.passes());
    }
  }
}

}  // namespace regard
