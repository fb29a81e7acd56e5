#pragma once
// Memory of one lifetime: a pointer that moves through one range of addresses, so that after warm-up nothing is
// taken from the system. The range is as large as the machine's memory; pages of it become memory when they are
// first written, and go back to the system with the arena. Where this process may have few addresses (ulimit -v),
// or the system refuses a range, the arena takes small ranges, one after the other. What is placed here is never
// destroyed one by one, hence must be trivially destructible. Not thread-safe: an arena belongs to one tape.
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

  // 64-byte aligned, not initialised, valid until reset() or a rewind() to before it. Pieces that follow each
  // other lie behind each other, rounded up to the alignment, as long as a range has room for them. std::bad_alloc
  // where the machine, or a limit of this process, has no more; what was there stays.
  [[nodiscard]] void* allocate(std::size_t bytes);
  // Makes all allocated memory invalid, and keeps it for later allocations. Debug builds poison it with NaN.
  void reset() { rewind(0); }
  [[nodiscard]] Mark mark() const { return used_; }
  void rewind(Mark mark);

  // What the end of a range was too short for counts as in use.
  [[nodiscard]] std::size_t bytes_in_use() const { return used_; }
  // What may be written without asking the system: pages that were never written count, and cost nothing.
  [[nodiscard]] std::size_t bytes_reserved() const;
  // The most that was in use at one time, since construction.
  [[nodiscard]] std::size_t peak_bytes() const { return peak_; }
  // Addresses that were taken from the system.
  [[nodiscard]] std::size_t addresses() const;

 private:
  struct Range {
    std::byte* memory = nullptr;
    std::size_t begin = 0;     // bytes of the arena before it
    std::size_t length = 0;    // its addresses
    std::size_t writable = 0;  // of them, from its begin
  };
  [[nodiscard]] static bool holds(const Range& range, std::size_t at, std::size_t size) {
    return at - range.begin + size <= range.length;
  }
  void reserve_range(std::size_t begin, std::size_t size);
  static void open_to(Range& range, std::size_t end);

  std::vector<Range> ranges_;
  std::size_t at_ = 0;  // the range in which the next piece is tried
  std::size_t used_ = 0;
  std::size_t peak_ = 0;
};

}  // namespace regard
