#pragma once
// Writes an Array in parts: in memory, or to a file that may be larger than memory.
#include <filesystem>
#include <fstream>
#include <functional>
#include <span>

#include "framework/data/array.h"

namespace regard::data {

// Writes bytes to a temporary file in the same folder, which done() renames to its name. FolderError as in files.h. Not
// thread-safe.
class BinaryFile final {
 public:
  explicit BinaryFile(std::filesystem::path path);
  BinaryFile(const BinaryFile&) = delete;
  BinaryFile& operator=(const BinaryFile&) = delete;
  ~BinaryFile();

  void write(std::span<const std::byte> bytes);
  // Calls change(bytes) for all written bytes, 1 MiB at a time, and keeps the changed bytes.
  void change(const std::function<void(std::span<std::byte>)>& change);
  void done();

 private:
  void flush();
  [[noreturn]] void fail(int cause) const;

  std::filesystem::path path_;
  std::filesystem::path partial_;
  std::vector<std::byte> pending_;
  int descriptor_ = -1;
};

template <class T>
class ArrayWriter final {
 public:
  // Writes to memory if `path` is empty.
  explicit ArrayWriter(const std::filesystem::path& path) {
    if (!path.empty()) file_ = std::make_unique<BinaryFile>(path);
    path_ = path;
  }

  void append(std::span<const T> items) {
    if (file_) {
      file_->write(std::as_bytes(items));
    } else {
      own_.insert(own_.end(), items.begin(), items.end());
    }
  }
  void push_back(T item) { append({&item, 1}); }

  // Calls change(item) for each appended item.
  template <class Function>
  void change(const Function& change) {
    if (file_) {
      file_->change([&](std::span<std::byte> bytes) {
        auto* const items = reinterpret_cast<T*>(bytes.data());
        for (std::size_t i = 0; i < bytes.size() / sizeof(T); ++i) change(items[i]);
      });
    } else {
      for (T& item : own_) change(item);
    }
  }

  [[nodiscard]] Array<T> done() {
    if (!file_) return Array<T>(std::move(own_));
    file_->done();
    return Array<T>(path_);
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<BinaryFile> file_;
  std::vector<T> own_;
};

}  // namespace regard::data
