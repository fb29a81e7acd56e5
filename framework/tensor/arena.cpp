#include "framework/tensor/arena.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace regard {
namespace {

constexpr std::size_t kFirstBlock = std::size_t{1} << 20;
constexpr std::size_t kLargestGrowth = std::size_t{1} << 27;

constexpr std::size_t round_up(std::size_t bytes) {
  return (bytes + Arena::kAlignment - 1) / Arena::kAlignment * Arena::kAlignment;
}

}  // namespace

void Arena::Free::operator()(std::byte* memory) const { ::operator delete (memory, std::align_val_t{kAlignment}); }

void Arena::add_block(std::size_t bytes) {
  // Doubling keeps the number of blocks small; the cap keeps the waste below 128 MiB.
  const std::size_t growth = std::clamp(bytes_reserved(), kFirstBlock, kLargestGrowth);
  Block block;
  block.size = std::max(round_up(bytes), growth);
  block.memory.reset(static_cast<std::byte*>(::operator new (block.size, std::align_val_t{kAlignment})));
  blocks_.push_back(std::move(block));
}

void* Arena::allocate(std::size_t bytes) {
  const std::size_t size = round_up(std::max<std::size_t>(bytes, 1));
  if (blocks_.empty()) add_block(size);
  while (used_ + size > blocks_[block_].size) {
    if (block_ + 1 == blocks_.size()) add_block(size);
    before_ += blocks_[block_].size;
    ++block_;
    used_ = 0;
  }
  std::byte* memory = blocks_[block_].memory.get() + used_;
  used_ += size;
  peak_ = std::max(peak_, before_ + used_);
  return memory;
}

void Arena::rewind(Mark mark) {
#ifndef NDEBUG
  for (std::size_t at = mark.block; at <= block_ && at < blocks_.size(); ++at) {
    const std::size_t from = at == mark.block ? mark.used : 0;
    const std::size_t to = at == block_ ? used_ : blocks_[at].size;
    std::memset(blocks_[at].memory.get() + from, 0xff, to - from);  // all ones is a NaN in f32 and f64
  }
#endif
  block_ = mark.block;
  used_ = mark.used;
  before_ = 0;
  for (std::size_t at = 0; at < block_; ++at) before_ += blocks_[at].size;
}

std::size_t Arena::bytes_in_use() const { return before_ + used_; }

std::size_t Arena::bytes_reserved() const {
  std::size_t bytes = 0;
  for (const Block& block : blocks_) bytes += block.size;
  return bytes;
}

}  // namespace regard
