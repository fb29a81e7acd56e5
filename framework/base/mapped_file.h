#pragma once
// A file that is mapped into memory. The system reads its pages when they are used, and releases them when memory is
// short.
#include <filesystem>
#include <span>

#include "framework/base/base.h"

namespace regard {

// Read only. DataError "path: cannot be read: cause". The file must not be truncated while it is mapped; replacing it
// by a rename (files.h) is allowed.
class MappedFile final {
 public:
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

  // Releases the memory of the pages that were read. They are read again when they are used.
  void forget() const noexcept;

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace regard
