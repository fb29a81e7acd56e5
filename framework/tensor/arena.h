#pragma once
// Memory of one lifetime: a pointer that moves through one range of addresses, so that after warm-up nothing is
// taken from the system. The range is as large as the machine's memory; pages of it become memory when they are
// first written, and go back to the system with the arena. What is placed here is never destroyed one by one,
// hence must be trivially destructible. Not thread-safe: an arena belongs to one tape.
#include <cstddef>

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
  // other lie behind each other, rounded up to the alignment. std::bad_alloc where the machine has no more.
  [[nodiscard]] void* allocate(std::size_t bytes);
  // Everything handed out since becomes invalid; the memory is kept. Debug builds poison it with NaN.
  void reset() { rewind(0); }
  [[nodiscard]] Mark mark() const { return used_; }
  void rewind(Mark mark);

  [[nodiscard]] std::size_t bytes_in_use() const { return used_; }
  // What may be written without asking the system: pages that were never written count, and cost nothing.
  [[nodiscard]] std::size_t bytes_reserved() const { return writable_; }
  // The most that was in use at one time, since construction.
  [[nodiscard]] std::size_t peak_bytes() const { return peak_; }

 private:
  void open_to(std::size_t end);

  std::byte* memory_ = nullptr;
  std::size_t addresses_ = 0;  // length of the range
  std::size_t writable_ = 0;   // of it, from its begin
  std::size_t used_ = 0;
  std::size_t peak_ = 0;
};

}  // namespace regard
