#pragma once
// An array of numbers, in memory or mapped from a file. A mapped array needs no heap memory, so a corpus may be
// larger than RAM.
#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

#include "framework/base/mapped_file.h"

namespace regard::data {

template <class T>
class Array final {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Array() = default;
  Array(std::initializer_list<T> items) : own_(items) {}
  Array(std::vector<T> items)  // NOLINT(google-explicit-constructor): intended
      : own_(std::move(items)) {}
  // Maps a file as numbers; an incomplete number at its end is ignored.
  explicit Array(const std::filesystem::path& file) : file_(std::make_shared<const MappedFile>(file)) {}

  // For arrays in memory only.
  void push_back(T item) { own_.push_back(item); }
  void append(std::span<const T> items) { own_.insert(own_.end(), items.begin(), items.end()); }

  [[nodiscard]] const T* data() const noexcept {
    return file_ ? reinterpret_cast<const T*>(file_->bytes().data()) : own_.data();
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return file_ ? file_->bytes().size() / sizeof(T) : own_.size();
  }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data()[i]; }
  [[nodiscard]] const T* begin() const noexcept { return data(); }
  [[nodiscard]] const T* end() const noexcept { return data() + size(); }
  void forget() const noexcept {
    if (file_) file_->forget();
  }

  friend bool operator==(const Array& a, const Array& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::vector<T> own_;
  std::shared_ptr<const MappedFile> file_;
};

}  // namespace regard::data
