#include "framework/base/sha256_block.h"

#include <cstdint>

#include "tests/support/catch.h"

namespace regard::sha256_detail {

TEST_CASE("sha256_block: a block in words and by instructions is the same") {
  // "abc" padded to a block: the first example of FIPS 180-4, in words and, where the processor has them, by
  // instructions.
  std::array<unsigned char, 64> bytes{'a', 'b', 'c', 0x80};
  bytes[63] = 24;
  const State begin{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const State end{0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad};
  State words = begin;
  block_in_words(words, bytes.data());
  CHECK(words == end);
  if (!has_instructions()) return;
  State instructions = begin;
  block_by_instructions(instructions, bytes.data());
  CHECK(instructions == end);
  std::uint32_t dice = 1;
  for (int i = 0; i < 200; ++i) {
    for (unsigned char& byte : bytes)
      byte = static_cast<unsigned char>((dice = dice * 1664525U + 1013904223U) >> 24U);
    block_in_words(words, bytes.data());
    block_by_instructions(instructions, bytes.data());
    CHECK(words == instructions);
  }
}

}  // namespace regard::sha256_detail
