#pragma once
// Memory of one lifetime: a bump pointer over blocks that stay allocated, so that after warm-up nothing is taken
// from the heap. What is placed here is never destroyed one by one, hence must be trivially destructible. Not
// thread-safe: an arena belongs to one tape.
#include <cstddef>
#include <memory>
#include <vector>

#include "framework/base/base.h"

namespace regard {

class Arena {
 public:
  static constexpr std::size_t kAlignment = 64;

  struct Mark {
    std::size_t block = 0;
    std::size_t used = 0;
  };

  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // 64-byte aligned, not initialised, valid until reset() or a rewind() to before it.
  [[nodiscard]] void* allocate(std::size_t bytes);
  // Everything handed out since becomes invalid; the blocks are kept. Debug builds poison them with NaN.
  void reset() { rewind({}); }
  [[nodiscard]] Mark mark() const { return {block_, used_}; }
  void rewind(Mark mark);

  [[nodiscard]] std::size_t bytes_in_use() const;
  [[nodiscard]] std::size_t bytes_reserved() const;
  // The most that was in use at one time, since construction.
  [[nodiscard]] std::size_t peak_bytes() const { return peak_; }

 private:
  struct Free {
    void operator()(std::byte* memory) const;
  };
  struct Block {
    std::unique_ptr<std::byte, Free> memory;
    std::size_t size = 0;
  };
  void add_block(std::size_t bytes);

  std::vector<Block> blocks_;
  std::size_t block_ = 0;   // index of the block being filled
  std::size_t used_ = 0;    // bytes of it
  std::size_t before_ = 0;  // bytes of the blocks before it
  std::size_t peak_ = 0;
};

}  // namespace regard
