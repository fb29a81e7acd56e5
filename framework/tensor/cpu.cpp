#include "framework/tensor/cpu.h"

#include <array>
#include <atomic>
#include <cstdlib>

#include "framework/base/environment.h"
#include "framework/base/errors.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace regard {
namespace {

constexpr std::array<std::string_view, kInstructionSets> kNames = {"baseline", "avx2", "avx512", "avx512_bf16",
                                                                   "amx"};

#if defined(__x86_64__)

struct Registers {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Registers cpuid(unsigned leaf, unsigned subleaf) {
  Registers r;
  __get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx);
  return r;
}

constexpr bool bit(unsigned value, int position) { return ((value >> position) & 1U) != 0; }

// Returns which register files the operating system saves (XCR0).
std::uint64_t saved_state() {
  unsigned low = 0, high = 0;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (std::uint64_t{high} << 32) | low;
}

// Requests the permission for the 8 KB of tile data, which Linux requires (Documentation/arch/x86/xstate.rst).
bool tiles_permitted() {
  constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM
  constexpr long kTileData = 18;               // XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

InstructionSet detect() {
  const Registers one = cpuid(1, 0);
  const bool has_xgetbv = bit(one.ecx, 27);
  const bool fma = bit(one.ecx, 12), avx = bit(one.ecx, 28), f16c = bit(one.ecx, 29);
  if (!has_xgetbv || !fma || !avx || !f16c) return InstructionSet::baseline;
  const std::uint64_t saved = saved_state();
  const Registers seven = cpuid(7, 0);
  if ((saved & 0x6U) != 0x6U || !bit(seven.ebx, 5)) return InstructionSet::baseline;  // XMM, YMM; AVX2
  const bool zmm_saved = (saved & 0xE6U) == 0xE6U;
  const bool avx512 = bit(seven.ebx, 16) && bit(seven.ebx, 17) && bit(seven.ebx, 30) && bit(seven.ebx, 31);
  if (!zmm_saved || !avx512) return InstructionSet::avx2;
  if (!bit(cpuid(7, 1).eax, 5)) return InstructionSet::avx512;
  const bool tiles = bit(seven.edx, 22) && bit(seven.edx, 24);  // AMX_BF16, AMX_TILE
  constexpr std::uint64_t kTiles = std::uint64_t{3} << 17;      // TILECFG, TILEDATA
  if (!tiles || (saved & kTiles) != kTiles || !tiles_permitted()) return InstructionSet::avx512_bf16;
  return InstructionSet::amx;
}

#else

InstructionSet detect() { return InstructionSet::baseline; }

#endif

void require_supported(std::string_view where, InstructionSet set) {
  if (set <= best_instruction_set()) return;
  throw ConfigError(fmt::format("{}: this processor does not support {}; the best it supports is {}", where,
                                name_of(set), name_of(best_instruction_set())));
}

InstructionSet from_environment() {
  const std::string text = environment("REGARD_ISA");
  return text.empty() ? best_instruction_set() : instruction_set_named(text);
}

// Returns the set of this process. It is one word, written at the start and by force_instruction_set.
std::atomic<InstructionSet>& choice() {
  static std::atomic<InstructionSet> set = from_environment();
  return set;
}

}  // namespace

std::string_view name_of(InstructionSet set) noexcept { return kNames[static_cast<std::size_t>(set)]; }

InstructionSet best_instruction_set() noexcept {
  static const InstructionSet best = detect();
  return best;
}

InstructionSet instruction_set_named(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] != name) continue;
    require_supported("REGARD_ISA", static_cast<InstructionSet>(i));
    return static_cast<InstructionSet>(i);
  }
  throw ConfigError(
      fmt::format("REGARD_ISA: expected baseline, avx2, avx512, avx512_bf16 or amx, got \"{}\"", name));
}

InstructionSet instruction_set() { return choice().load(std::memory_order_relaxed); }

void force_instruction_set(InstructionSet set) {
  require_supported("force_instruction_set", set);
  choice().store(set, std::memory_order_relaxed);
}

}  // namespace regard
