#include "framework/data/array_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/files.h"

namespace regard::data {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

}  // namespace

BinaryFile::BinaryFile(std::filesystem::path path)
    : path_(std::move(path)), partial_(path_.string() + std::string(kPartialSuffix)) {
  descriptor_ = ::open(partial_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail(errno);
  pending_.reserve(kPiece);
}

BinaryFile::~BinaryFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  std::error_code gone_already;
  std::filesystem::remove(partial_, gone_already);
}

void BinaryFile::fail(int cause) const {
  throw FolderError(fmt::format("{}: cannot be written: {}", path_.string(), cause_of(cause)));
}

void BinaryFile::flush() {
  for (std::size_t begin = 0; begin < pending_.size();) {
    const ssize_t count = ::write(descriptor_, pending_.data() + begin, pending_.size() - begin);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    begin += static_cast<std::size_t>(count);
  }
  pending_.clear();
}

void BinaryFile::write(std::span<const std::byte> bytes) {
  pending_.insert(pending_.end(), bytes.begin(), bytes.end());
  if (pending_.size() >= kPiece) flush();
}

void BinaryFile::change(const std::function<void(std::span<std::byte>)>& change) {
  flush();
  std::vector<std::byte> piece(kPiece);
  for (off_t at = 0;;) {
    const ssize_t count = ::pread(descriptor_, piece.data(), piece.size(), at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    if (count == 0) return;
    change({piece.data(), static_cast<std::size_t>(count)});
    for (ssize_t done = 0; done < count;) {
      const ssize_t written =
          ::pwrite(descriptor_, piece.data() + done, static_cast<std::size_t>(count - done), at + done);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(errno);
      done += written;
    }
    at += count;
  }
}

void BinaryFile::done() {
  flush();
  if (::fsync(descriptor_) != 0) fail(errno);
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) fail(errno);
  if (::rename(partial_.c_str(), path_.c_str()) != 0) fail(errno);
}

}  // namespace regard::data
