#include "framework/tensor/arena.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <deque>
#include <fstream>
#include <new>
#include <vector>

#include "tests/support/catch.h"

namespace regard {
namespace {

constexpr std::size_t kMega = std::size_t{1} << 20;

std::uintptr_t address(const void* memory) { return reinterpret_cast<std::uintptr_t>(memory); }

// The size of this process, from the system's count of pages: all addresses, and the part in memory.
struct ProcessBytes {
  std::size_t addresses = 0, resident = 0;
};
ProcessBytes process_bytes() {
  ProcessBytes pages;
  std::ifstream("/proc/self/statm") >> pages.addresses >> pages.resident;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return {pages.addresses * page, pages.resident * page};
}
std::size_t resident_bytes() { return process_bytes().resident; }

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

TEST_CASE("arena: an empty allocation has its own address") {
  Arena arena;
  CHECK(arena.allocate(0) != arena.allocate(0));
  CHECK(arena.bytes_in_use() == 128);
}

TEST_CASE("arena: a new arena has no memory") {
  Arena arena;
  CHECK(arena.bytes_in_use() == 0);
  CHECK(arena.bytes_reserved() == 0);
  CHECK(arena.peak_bytes() == 0);
  arena.reset();
  CHECK(arena.bytes_in_use() == 0);
}

TEST_CASE("arena: reset keeps the memory and allocates from it again") {
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

TEST_CASE("arena: pieces are adjacent even if the memory grew between them") {
  Arena arena;
  const std::uintptr_t first = address(arena.allocate(kMega));
  auto* const large = static_cast<char*>(arena.allocate(5 * kMega + 1));
  CHECK(address(large) == first + kMega);
  large[0] = 1;
  large[5 * kMega] = 1;
  CHECK(address(arena.allocate(1)) == first + 6 * kMega + 64);
  CHECK(arena.bytes_in_use() == 6 * kMega + 128);
  CHECK(arena.peak_bytes() == 6 * kMega + 128);
  CHECK(arena.bytes_reserved() >= arena.bytes_in_use());
  CHECK(arena.bytes_reserved() < 9 * kMega);
}

TEST_CASE("arena: only written pages cost memory and the arena returns them at its end") {
  const std::size_t before = resident_bytes();
  {
    Arena arena;
    auto* const memory = static_cast<char*>(arena.allocate(256 * kMega));
    CHECK(resident_bytes() < before + 16 * kMega);
    std::memset(memory, 1, 64 * kMega);
    CHECK(resident_bytes() > before + 60 * kMega);
    CHECK(resident_bytes() < before + 80 * kMega);
  }
  CHECK(resident_bytes() < before + 16 * kMega);
}

TEST_CASE("arena: an allocation beyond the machine's memory is refused and earlier pieces stay valid") {
  Arena arena;
  auto* const memory = static_cast<char*>(arena.allocate(64));
  *memory = 7;
  CHECK_THROWS_AS(arena.allocate(std::size_t{1} << 60), std::bad_alloc);
  CHECK(*memory == 7);
  CHECK(arena.bytes_in_use() == 64);
  CHECK(arena.allocate(64) == memory + 64);
}

#if !defined(__SANITIZE_ADDRESS__)  // the sanitizer reserves more addresses than any limit
// Sets RLIMIT_AS so many bytes above the addresses in use, for a scope.
class AddressLimit {
 public:
  explicit AddressLimit(std::size_t more) {
    ::getrlimit(RLIMIT_AS, &before_);
    const rlimit limit{process_bytes().addresses + more, before_.rlim_max};
    ::setrlimit(RLIMIT_AS, &limit);
  }
  AddressLimit(const AddressLimit&) = delete;
  AddressLimit& operator=(const AddressLimit&) = delete;
  ~AddressLimit() { ::setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_{};
};

TEST_CASE("arena: an arena works under an address limit smaller than the machine's memory") {
  bool written = false, refused = false;
  {
    const AddressLimit limit(512 * kMega);
    Arena arena;
    static_cast<char*>(arena.allocate(32 * kMega))[0] = 1;
    written = true;
    try {
      (void)arena.allocate(1024 * kMega);
    } catch (const std::bad_alloc&) {
      refused = true;
    }
  }
  CHECK(written);
  CHECK(refused);
}

TEST_CASE("arena: under an address limit there is room for twenty arenas and one can use most of it") {
  std::size_t grown = 0;
  bool kept = true;
  {
    const AddressLimit limit(1024 * kMega);
    std::deque<Arena> small(19);
    for (Arena& arena : small) static_cast<char*>(arena.allocate(2 * kMega))[0] = 1;
    Arena large;
    std::vector<unsigned char*> pieces;
    try {
      for (;;) {
        pieces.push_back(static_cast<unsigned char*>(large.allocate(3 * kMega + 1)));
        std::memset(pieces.back(), static_cast<int>(pieces.size() % 251), 3 * kMega + 1);
        grown += 3 * kMega;
      }
    } catch (const std::bad_alloc&) {
    }
    // Pieces do not overlap, and a reset does not change their places.
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      kept = kept && pieces[i][0] == (i + 1) % 251 && pieces[i][3 * kMega] == (i + 1) % 251;
    }
    const std::size_t used = large.bytes_in_use();
    const std::size_t addresses = large.addresses();
    for (int step = 0; step < 2; ++step) {
      large.reset();
      for (unsigned char* const piece : pieces) kept = kept && large.allocate(3 * kMega + 1) == piece;
    }
    kept = kept && large.bytes_in_use() == used && large.addresses() == addresses && large.peak_bytes() == used;
    const Arena::Mark mark = large.mark();
    large.rewind(mark);
    kept = kept && large.mark() == mark;
  }
  CHECK(grown > 600 * kMega);
  CHECK(kept);
}

TEST_CASE("arena: rewind works for a mark in each of several ranges") {
  bool right = true;
  {
    const AddressLimit limit(512 * kMega);
    Arena arena;
    std::vector<std::pair<Arena::Mark, void*>> pieces;
    for (int i = 0; i < 40; ++i) {
      const Arena::Mark mark = arena.mark();
      pieces.emplace_back(mark, arena.allocate(5 * kMega));
    }
    for (std::size_t i = pieces.size(); i-- > 0;) {
      arena.rewind(pieces[i].first);
      right = right && arena.bytes_in_use() == pieces[i].first && arena.allocate(5 * kMega) == pieces[i].second;
      arena.rewind(pieces[i].first);
      // A smaller piece may fit before it.
      right = right && arena.allocate(64) != nullptr;
    }
  }
  CHECK(right);
}
#endif

TEST_CASE("arena: rewind frees the pieces after the mark") {
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

TEST_CASE("arena: rewind to a late mark counts the memory before it") {
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
TEST_CASE("arena: freed memory reads as NaN in a debug build") {
  Arena arena;
  auto* const memory = static_cast<float*>(arena.allocate(sizeof(float)));
  *memory = 1;
  arena.reset();
  CHECK(*memory != *memory);
}
#endif

}  // namespace regard
