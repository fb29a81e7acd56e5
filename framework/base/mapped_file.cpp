#include "framework/base/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "framework/base/errors.h"
#include "framework/base/files.h"

namespace regard {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  int cause = descriptor < 0 ? errno : 0;
  struct stat facts {};
  if (cause == 0 && ::fstat(descriptor, &facts) != 0) cause = errno;
  if (cause == 0 && S_ISDIR(facts.st_mode)) cause = EISDIR;
  if (cause == 0 && facts.st_size > 0) {
    size_ = static_cast<std::size_t>(facts.st_size);
    void* const place = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor, 0);
    if (place == MAP_FAILED) cause = errno;
    if (cause == 0) data_ = static_cast<const std::byte*>(place);
  }
  if (descriptor >= 0) ::close(descriptor);
  if (cause != 0) throw DataError(fmt::format("{}: cannot be read: {}", path.string(), cause_of(cause)));
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

void MappedFile::forget() const noexcept {
  if (data_ != nullptr) ::madvise(const_cast<std::byte*>(data_), size_, MADV_DONTNEED);
}

}  // namespace regard
