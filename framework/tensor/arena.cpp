#include "framework/tensor/arena.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "framework/base/memory.h"

namespace regard {
namespace {

// Ranges and writable memory are multiples of this, and it is a multiple of every page size.
constexpr std::size_t kStep = std::size_t{1} << 20;
// Under a limit of addresses, an arena's first range uses 1/kFirstPart of the addresses that are left, and each further
// range 1/kFurtherPart. A model has about ten arenas. The rest is for the heap, threads and libraries.
constexpr std::size_t kFirstPart = 64;
constexpr std::size_t kFurtherPart = 16;

constexpr std::size_t round_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

std::size_t machine_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return std::size_t{1} << 36;
  return round_up(static_cast<std::size_t>(pages) * static_cast<std::size_t>(page), kStep);
}

}  // namespace

Arena::~Arena() {
  for (const Range& range : ranges_) ::munmap(range.memory, range.length);
}

std::size_t Arena::bytes_reserved() const {
  std::size_t bytes = 0;
  for (const Range& range : ranges_) bytes += range.writable;
  return bytes;
}

std::size_t Arena::addresses() const {
  std::size_t bytes = 0;
  for (const Range& range : ranges_) bytes += range.length;
  return bytes;
}

// A range with room for `size` bytes behind the others, which end at `begin`. Addresses alone: they count nowhere
// but against a limit of addresses.
void Arena::reserve_range(std::size_t begin, std::size_t size) {
  const std::size_t machine = machine_memory();
  if (size > machine - std::min(machine, used_)) throw std::bad_alloc();
  const std::size_t least = round_up(size, kStep);
  std::size_t length = machine;
  if (const auto left = addresses_left()) {
    length = std::min(length, *left / (ranges_.empty() ? kFirstPart : kFurtherPart) / kStep * kStep);
  }
  ranges_.reserve(ranges_.size() + 1);
  for (length = std::max(length, least);; length = std::max(length / 2 / kStep * kStep, least)) {
    void* const place = ::mmap(nullptr, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place != MAP_FAILED) {
      ranges_.push_back({static_cast<std::byte*>(place), begin, length, 0});
      return;
    }
    if (length == least) throw std::bad_alloc();
  }
}

// Makes the range writable up to `end` bytes, if possible by a quarter more than before. A system with strict
// overcommit may refuse the larger size; then only the necessary bytes are made writable.
void Arena::open_to(Range& range, std::size_t end) {
  const std::size_t least = round_up(end, kStep);
  const std::size_t ahead = round_up(range.writable + range.writable / 4, kStep);
  for (const std::size_t want : {std::min(range.length, std::max(least, ahead)), least}) {
    if (::mprotect(range.memory + range.writable, want - range.writable, PROT_READ | PROT_WRITE) != 0) continue;
    range.writable = want;
    return;
  }
  throw std::bad_alloc();
}

void* Arena::allocate(std::size_t bytes) {
  if (bytes > std::size_t{1} << 62) throw std::bad_alloc();
  const std::size_t size = round_up(std::max<std::size_t>(bytes, 1), kAlignment);
  std::size_t at = at_;
  std::size_t begin = used_;
  // Later ranges are empty. Uses the first one that is long enough.
  while (at < ranges_.size() && !holds(ranges_[at], begin, size)) {
    if (++at < ranges_.size()) begin = ranges_[at].begin;
  }
  if (at == ranges_.size()) {
    if (!ranges_.empty()) begin = ranges_.back().begin + ranges_.back().length;
    reserve_range(begin, size);
  }
  Range& range = ranges_[at];
  const std::size_t end = begin - range.begin + size;
  if (end > range.writable) open_to(range, end);
  std::byte* const memory = range.memory + (begin - range.begin);
  at_ = at;
  used_ = begin + size;
  peak_ = std::max(peak_, used_);
  return memory;
}

void Arena::rewind(Mark mark) {
#ifndef NDEBUG
  // Bytes 0xff are a NaN in f32 and f64.
  for (const Range& range : ranges_) {
    const std::size_t from = std::max(mark, range.begin);
    const std::size_t to = std::min(used_, range.begin + range.writable);
    if (from < to) std::memset(range.memory + (from - range.begin), 0xff, to - from);
  }
#endif
  used_ = mark;
  while (at_ > 0 && ranges_[at_].begin >= mark) --at_;
}

}  // namespace regard
