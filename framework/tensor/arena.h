#pragma once
// An arena: memory of one lifetime. Allocating moves a pointer through a reserved range of addresses, so that after
// warm-up nothing is requested from the system. The range is as large as the machine's memory; only written pages cost
// memory, and they are released with the arena. If this process may use few addresses (ulimit -v), or the system
// refuses a range, the arena uses several small ranges. Objects in it are not destroyed, so they must be trivially
// destructible. Not thread-safe: an arena belongs to one tape.
#include <cstddef>
#include <vector>

#include "framework/base/base.h"

namespace regard {

class Arena {
 public:
  static constexpr std::size_t kAlignment = 64;
  using Mark = std::size_t;  // bytes in use

  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Returns uninitialised memory, 64-byte aligned, valid until reset() or a rewind() to an earlier mark. Consecutive
  // allocations are adjacent, rounded up to the alignment, as long as they fit into one range. std::bad_alloc if the
  // machine or a limit of this process has no more memory; earlier allocations stay valid.
  [[nodiscard]] void* allocate(std::size_t bytes);
  // Makes all allocated memory invalid, and keeps it for later allocations. Debug builds fill it with NaN.
  void reset() { rewind(0); }
  [[nodiscard]] Mark mark() const { return used_; }
  void rewind(Mark mark);

  // Returns the bytes in use, with unused rests at the ends of ranges.
  [[nodiscard]] std::size_t bytes_in_use() const { return used_; }
  // Returns the bytes that are writable without a request to the system. Pages that were never written are counted, but
  // cost nothing.
  [[nodiscard]] std::size_t bytes_reserved() const;
  // Returns the largest bytes_in_use() since construction.
  [[nodiscard]] std::size_t peak_bytes() const { return peak_; }
  // Returns the bytes of addresses that were reserved.
  [[nodiscard]] std::size_t addresses() const;

 private:
  struct Range {
    std::byte* memory = nullptr;
    std::size_t begin = 0;     // bytes of the arena before this range
    std::size_t length = 0;    // bytes of addresses
    std::size_t writable = 0;  // writable bytes, from the start
  };
  [[nodiscard]] static bool holds(const Range& range, std::size_t at, std::size_t size) {
    return at - range.begin + size <= range.length;
  }
  void reserve_range(std::size_t begin, std::size_t size);
  static void open_to(Range& range, std::size_t end);

  std::vector<Range> ranges_;
  std::size_t at_ = 0;  // the range that the next allocation tries first
  std::size_t used_ = 0;
  std::size_t peak_ = 0;
};

}  // namespace regard
