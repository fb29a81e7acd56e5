#pragma once
// Small computations by the kernels in use, each compared with plain loops. They test a new processor, compiler or
// build before it is used. A trial may end its process (unknown instruction, fault), so run it in a separate process.
#include <functional>
#include <string>
#include <vector>

namespace regard {

struct KernelTrial {
  std::string name;              // "products in bfloat16"
  std::function<bool()> passes;  // returns whether the numbers are right
};

// Returns trials of products in each precision that the backend and instruction set support, and of functions over
// spans. Together they need some milliseconds.
[[nodiscard]] std::vector<KernelTrial> kernel_trials();

}  // namespace regard
