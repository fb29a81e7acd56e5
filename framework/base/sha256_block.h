#pragma once
// The compression function of SHA-256 (FIPS 180-4, section 6.2.2), in plain C++ and with the processor's instructions.
#include <array>
#include <cstdint>

namespace regard::sha256_detail {

using State = std::array<std::uint32_t, 8>;

// Adds a block of 64 bytes to the state.
void block_in_words(State& state, const unsigned char* bytes) noexcept;

// Does the same with x86's SHA extensions. Call it only if has_instructions() is true.
void block_by_instructions(State& state, const unsigned char* bytes) noexcept;
[[nodiscard]] bool has_instructions() noexcept;

}  // namespace regard::sha256_detail
