#include "framework/tensor/arena.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace regard {
namespace {

// Writable memory grows by a quarter, and by this at least: a multiple of any page size.
constexpr std::size_t kStep = std::size_t{1} << 20;

constexpr std::size_t round_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

std::size_t machine_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return std::size_t{1} << 36;
  return round_up(static_cast<std::size_t>(pages) * static_cast<std::size_t>(page), kStep);
}

}  // namespace

Arena::~Arena() {
  if (memory_ != nullptr) ::munmap(memory_, addresses_);
}

void Arena::open_to(std::size_t end) {
  if (memory_ == nullptr) {
    // Addresses alone: they count nowhere but against a limit of addresses (ulimit -v), under which half may do.
    std::size_t length = machine_memory();
    void* place = MAP_FAILED;
    for (; place == MAP_FAILED && length >= end; length /= 2) {
      place = ::mmap(nullptr, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      addresses_ = length;
    }
    if (place == MAP_FAILED) throw std::bad_alloc();
    memory_ = static_cast<std::byte*>(place);
  }
  const std::size_t want = std::min(addresses_, round_up(std::max(end, writable_ + writable_ / 4), kStep));
  if (end > want || ::mprotect(memory_ + writable_, want - writable_, PROT_READ | PROT_WRITE) != 0) {
    throw std::bad_alloc();
  }
  writable_ = want;
}

void* Arena::allocate(std::size_t bytes) {
  const std::size_t size = round_up(std::max<std::size_t>(bytes, 1), kAlignment);
  if (used_ + size > writable_) open_to(used_ + size);
  std::byte* memory = memory_ + used_;
  used_ += size;
  peak_ = std::max(peak_, used_);
  return memory;
}

void Arena::rewind(Mark mark) {
#ifndef NDEBUG
  // All ones is a NaN in f32 and f64.
  if (mark < used_) std::memset(memory_ + mark, 0xff, used_ - mark);
#endif
  used_ = mark;
}

}  // namespace regard
