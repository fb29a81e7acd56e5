#pragma once
// A row-major matrix that ends at a protected page; the padding between its rows and the page before it hold a
// pattern. An access beyond the end ends the test program, and a write into padding is found.
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <random>

#include "framework/base/base.h"

namespace regard::testing {

template <class T>
class GuardedMatrix {
 public:
  GuardedMatrix(Index rows, Index columns, Index padding)
      : rows_(rows), columns_(columns), ld_(columns + padding) {
    const Index page = sysconf(_SC_PAGESIZE);
    const Index used = rows == 0 ? 0 : ((rows - 1) * ld_ + columns) * static_cast<Index>(sizeof(T));
    const Index inside = (used + page - 1) / page * page + page;
    bytes_ = static_cast<std::size_t>(inside + page);
    base_ =
        static_cast<std::byte*>(mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(base_ + inside, static_cast<std::size_t>(page), PROT_NONE);
    data_ = reinterpret_cast<T*>(base_ + (inside - used));
    for (Index i = 0; i + 1 < rows; ++i) {
      for (Index j = columns; j < ld_; ++j) data_[i * ld_ + j] = kPattern;
    }
    for (Index i = 0; i < kBefore; ++i) data_[-1 - i] = kPattern;
  }
  GuardedMatrix(const GuardedMatrix&) = delete;
  GuardedMatrix& operator=(const GuardedMatrix&) = delete;
  ~GuardedMatrix() { munmap(base_, bytes_); }

  [[nodiscard]] T* data() const { return data_; }
  [[nodiscard]] Index ld() const { return ld_; }
  [[nodiscard]] Index rows() const { return rows_; }
  [[nodiscard]] Index columns() const { return columns_; }
  [[nodiscard]] T& operator()(Index i, Index j) const { return data_[i * ld_ + j]; }

  void fill(std::mt19937_64& random) const {
    std::uniform_real_distribution<double> uniform(-1, 1);
    for (Index i = 0; i < rows_; ++i) {
      for (Index j = 0; j < columns_; ++j) (*this)(i, j) = static_cast<T>(uniform(random));
    }
  }
  void copy(const GuardedMatrix& from) const {
    for (Index i = 0; i < rows_; ++i) {
      for (Index j = 0; j < columns_; ++j) (*this)(i, j) = from(i, j);
    }
  }
  [[nodiscard]] bool same_bytes(const GuardedMatrix& other) const {
    for (Index i = 0; i < rows_; ++i) {
      if (std::memcmp(data_ + i * ld_, other.data_ + i * other.ld_,
                      static_cast<std::size_t>(columns_) * sizeof(T)) != 0) {
        return false;
      }
    }
    return true;
  }
  [[nodiscard]] bool padding_untouched() const {
    for (Index i = 0; i + 1 < rows_; ++i) {
      for (Index j = columns_; j < ld_; ++j) {
        if (data_[i * ld_ + j] != kPattern) return false;
      }
    }
    for (Index i = 0; i < kBefore; ++i) {
      if (data_[-1 - i] != kPattern) return false;
    }
    return true;
  }

 private:
  static constexpr T kPattern = static_cast<T>(1234.5);
  static constexpr Index kBefore = 64;
  Index rows_, columns_, ld_;
  std::size_t bytes_ = 0;
  std::byte* base_ = nullptr;
  T* data_ = nullptr;
};

}  // namespace regard::testing
