#pragma once
// A file's bytes in place: read from the disk when they are looked at, and forgotten again when memory is short.
#include <filesystem>
#include <span>

#include "framework/base/base.h"

namespace regard {

// Read only. DataError "path: cannot be read: cause". The file must not be cut while it is mapped: what is written
// whole and renamed (files.h) may be replaced.
class MappedFile final {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

  // Gives back the memory of what was looked at; it is read again when it is needed.
  void forget() const noexcept;

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace regard
