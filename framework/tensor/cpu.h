#pragma once
// Detects the instruction sets of this processor at run time (CPUID, XGETBV and, for tile registers, the kernel's
// permission). Compiler flags such as -march=native use the model number, which virtual machines hide or change.
#include <string_view>

#include "framework/base/base.h"

namespace regard {

// The instruction sets that the kernels are compiled for, lowest first. Each includes the sets before it.
//   baseline     what every processor of the architecture has (x86-64: SSE2; elsewhere: plain C++)
//   avx2         256-bit vectors with fused multiply-add
//   avx512       512-bit vectors (F, BW, DQ, VL)
//   avx512_bf16  also products of pairs of bfloat16
//   amx          also tile products of bfloat16
enum class InstructionSet : std::uint8_t { baseline, avx2, avx512, avx512_bf16, amx };
inline constexpr int kInstructionSets = 5;

[[nodiscard]] std::string_view name_of(InstructionSet set) noexcept;

// Returns the highest set that processor and operating system support.
[[nodiscard]] InstructionSet best_instruction_set() noexcept;

// Returns the set with this name (REGARD_ISA). ConfigError for an unknown name or a set that this processor does not
// support.
[[nodiscard]] InstructionSet instruction_set_named(std::string_view name);

// Returns the set in use: the one that was last forced; else the one that the environment variable REGARD_ISA names
// (read at the first call); else the best one.
[[nodiscard]] InstructionSet instruction_set();

// Uses another set from now on. ConfigError if it is higher than the best one. For tests and benchmarks. Must not be
// called while kernels run; packed matrices (PackedMatrix) must be packed again.
void force_instruction_set(InstructionSet set);

}  // namespace regard
