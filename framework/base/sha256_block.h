#pragma once
// The compression of SHA-256 (FIPS 180-4, section 6.2.2), in words and by the processor's instructions for it.
#include <array>
#include <cstdint>

namespace regard::sha256_detail {

using State = std::array<std::uint32_t, 8>;

// Takes a block of 64 bytes into the state.
void block_in_words(State& state, const unsigned char* bytes) noexcept;

// The same with x86's SHA extensions; to be called where has_instructions() says so alone.
void block_by_instructions(State& state, const unsigned char* bytes) noexcept;
[[nodiscard]] bool has_instructions() noexcept;

}  // namespace regard::sha256_detail
