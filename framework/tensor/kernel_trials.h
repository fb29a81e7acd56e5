#pragma once
// Small computations by the kernels in use, each compared with plain loops: what a new processor, compiler or
// build is tried with before a day's work is given to it. A trial may end its process (an unknown instruction, a
// fault), so run it in one of its own.
#include <functional>
#include <string>
#include <vector>

namespace regard {

struct KernelTrial {
  std::string name;              // "products in bfloat16"
  std::function<bool()> passes;  // whether the numbers are right
};

// Products in each precision that the backend and instruction set in use have, and functions over spans.
// Milliseconds for all.
[[nodiscard]] std::vector<KernelTrial> kernel_trials();

}  // namespace regard
