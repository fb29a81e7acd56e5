#include "framework/tensor/arena.h"

#include <cstdint>
#include <cstring>

#include "tests/support/catch.h"

namespace regard {
namespace {

constexpr std::size_t kMega = std::size_t{1} << 20;

std::uintptr_t address(const void* memory) { return reinterpret_cast<std::uintptr_t>(memory); }

}  // namespace

TEST_CASE("arena: pieces are aligned and do not overlap") {
  Arena arena;
  std::uintptr_t end = 0;
  for (const std::size_t bytes : {1u, 63u, 64u, 65u, 1000u}) {
    void* const memory = arena.allocate(bytes);
    std::memset(memory, 1, bytes);
    CHECK(address(memory) % Arena::kAlignment == 0);
    CHECK(address(memory) >= end);
    end = address(memory) + bytes;
  }
  CHECK(arena.bytes_in_use() == 64 + 64 + 64 + 128 + 1024);
}

TEST_CASE("arena: nothing asked for still has an address of its own") {
  Arena arena;
  CHECK(arena.allocate(0) != arena.allocate(0));
  CHECK(arena.bytes_in_use() == 128);
}

TEST_CASE("arena: a fresh arena holds no memory") {
  Arena arena;
  CHECK(arena.bytes_in_use() == 0);
  CHECK(arena.bytes_reserved() == 0);
  CHECK(arena.peak_bytes() == 0);
  arena.reset();
  CHECK(arena.bytes_in_use() == 0);
}

TEST_CASE("arena: reset keeps the blocks and hands out the same memory") {
  Arena arena;
  void* const first = arena.allocate(100);
  (void)arena.allocate(3 * kMega);
  const std::size_t reserved = arena.bytes_reserved();
  for (int step = 0; step < 3; ++step) {
    arena.reset();
    CHECK(arena.bytes_in_use() == 0);
    CHECK(arena.allocate(100) == first);
    (void)arena.allocate(3 * kMega);
    CHECK(arena.bytes_reserved() == reserved);
  }
}

TEST_CASE("arena: a piece larger than any block gets a block that holds it") {
  Arena arena;
  (void)arena.allocate(1);
  auto* const large = static_cast<char*>(arena.allocate(5 * kMega));
  large[0] = 1;
  large[5 * kMega - 1] = 1;
  CHECK(arena.bytes_reserved() == 6 * kMega);
  CHECK(arena.bytes_in_use() == 6 * kMega);  // the rest of the first block is passed over
  CHECK(arena.peak_bytes() == 6 * kMega);
}

TEST_CASE("arena: blocks that are too small for a piece are passed over and used again after reset") {
  Arena arena;
  (void)arena.allocate(kMega);
  (void)arena.allocate(kMega);
  (void)arena.allocate(4 * kMega);
  const std::size_t reserved = arena.bytes_reserved();
  arena.reset();
  (void)arena.allocate(4 * kMega);
  CHECK(arena.bytes_reserved() == reserved);
}

TEST_CASE("arena: rewind gives back what came after the mark") {
  Arena arena;
  (void)arena.allocate(64);
  const Arena::Mark mark = arena.mark();
  void* const again = arena.allocate(128);
  (void)arena.allocate(3 * kMega);
  const std::size_t reserved = arena.bytes_reserved();
  arena.rewind(mark);
  CHECK(arena.bytes_in_use() == 64);
  CHECK(arena.allocate(128) == again);
  CHECK(arena.bytes_reserved() == reserved);
  CHECK(arena.peak_bytes() >= 3 * kMega);
}

TEST_CASE("arena: rewind to a mark in a later block counts the blocks before it") {
  Arena arena;
  (void)arena.allocate(kMega);
  (void)arena.allocate(kMega);
  const Arena::Mark mark = arena.mark();
  CHECK(arena.bytes_in_use() == 2 * kMega);
  (void)arena.allocate(8 * kMega);
  arena.rewind(mark);
  CHECK(arena.bytes_in_use() == 2 * kMega);
}

#ifndef NDEBUG
TEST_CASE("arena: what was given back reads as NaN in a debug build") {
  Arena arena;
  auto* const memory = static_cast<float*>(arena.allocate(sizeof(float)));
  *memory = 1;
  arena.reset();
  CHECK(*memory != *memory);
}
#endif

}  // namespace regard
