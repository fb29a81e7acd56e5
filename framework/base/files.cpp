#include "framework/base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include "framework/base/errors.h"

namespace regard {
namespace {

// A descriptor that closes itself.
class Descriptor final {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

// Writes all bytes, or returns the errno of the failure.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// Makes sure that a rename in `folder` survives a power cut. Some file systems cannot sync a folder and return EINVAL.
int sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0) return errno;
  return ::fsync(descriptor.get()) == 0 || errno == EINVAL ? 0 : errno;
}

int read_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& receive) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) return errno;
  std::string piece(std::size_t{1} << 20, '\0');
  for (;;) {
    const ssize_t count = ::read(descriptor.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return 0;
    receive(std::string_view(piece).substr(0, static_cast<std::size_t>(count)));
  }
}

[[noreturn]] void cannot_read(const std::filesystem::path& path, const std::string& reason) {
  throw DataError(fmt::format("{}: cannot be read: {}", path.string(), reason));
}

[[noreturn]] void cannot_write(const std::filesystem::path& path, int cause) {
  throw FolderError(fmt::format("{}: cannot be written: {}", path.string(), cause_of(cause)));
}

// Appends the file's bytes. Returns 0, or the errno of the failure.
int read_whole(const std::filesystem::path& path, std::string& bytes) {
  std::error_code unknown;  // set if the file has no size
  const auto size = std::filesystem::file_size(path, unknown);
  if (!unknown) bytes.reserve(size);  // without it, a growing string could need twice the size
  return read_pieces(path, [&](std::string_view piece) { bytes.append(piece); });
}

}  // namespace

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) (text += line) += '\n';
  return text;
}

std::string cause_of(int cause) {
  switch (cause) {
    case ENOENT:
      return "no such file or folder";
    case ENOTDIR:
      return "a part of the path is a file, not a folder";
    case EISDIR:
      return "it is a folder, not a file";
    case EACCES:
    case EPERM:
      return "permission denied";
    case EROFS:
      return "the file system is read-only";
    case ENOSPC:
      return "no space is left on the disk";
    case EDQUOT:
      return "the disk quota is used up";
    case EFBIG:
      return "the file would be larger than the system allows";
    case ENAMETOOLONG:
      return "the name is too long";
    case EIO:
      return "the disk reports an error";
    default:
      return std::generic_category().message(cause);
  }
}

std::string read_file(const std::filesystem::path& path) {
  std::string reason;
  if (auto bytes = try_read_file(path, reason)) return std::move(*bytes);
  cannot_read(path, reason);
}

std::optional<std::string> try_read_file(const std::filesystem::path& path, std::string& reason) {
  std::string bytes;
  const int cause = read_whole(path, bytes);
  if (cause == 0) return bytes;
  reason = cause_of(cause);
  return std::nullopt;
}

std::optional<std::string> read_if_exists(const std::filesystem::path& path) {
  std::string bytes;
  const int cause = read_whole(path, bytes);
  if (cause == 0) return bytes;
  if (cause == ENOENT || cause == ENOTDIR) return std::nullopt;
  cannot_read(path, cause_of(cause));
}

void for_each_piece(const std::filesystem::path& path, const std::function<void(std::string_view)>& receive) {
  const int cause = read_pieces(path, receive);
  if (cause != 0) cannot_read(path, cause_of(cause));
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)), partial_(path_) {
  partial_ += kPartialSuffix;
  descriptor_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) cannot_write(path_, errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(partial_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  check(descriptor_ >= 0, "write after commit");
  const int cause = write_all(descriptor_, bytes);
  if (cause != 0) fail(cause);
}

void AtomicFile::commit() {
  check(descriptor_ >= 0, "commit called twice");
  if (::fsync(descriptor_) != 0) fail(errno);
  if (::close(std::exchange(descriptor_, -1)) != 0 || ::rename(partial_.c_str(), path_.c_str()) != 0) fail(errno);
  const int cause = sync_folder(path_.parent_path());
  if (cause != 0) cannot_write(path_, cause);
}

void AtomicFile::fail(int cause) {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  ::unlink(partial_.c_str());
  cannot_write(path_, cause);
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void make_folder(const std::filesystem::path& path) {
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (!code && !std::filesystem::is_directory(path, code)) code = std::make_error_code(std::errc::not_a_directory);
  if (code) throw FolderError(fmt::format("{}: cannot be made: {}", path.string(), cause_of(code.value())));
}

LineLog::LineLog(std::filesystem::path path) : path_(std::move(path)) {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) cannot_write(path_, errno);
  off_t end = ::lseek(descriptor_, 0, SEEK_END);
  char last = '\n';
  while (end > 0 && ::pread(descriptor_, &last, 1, end - 1) == 1 && last != '\n') --end;
  const int cause = last != '\n' && end > 0 ? EIO : ::ftruncate(descriptor_, end) != 0 ? errno : 0;
  if (cause == 0) return;
  ::close(descriptor_);
  cannot_write(path_, cause);
}

LineLog::~LineLog() { ::close(descriptor_); }

void LineLog::append(std::string_view line) {
  check(line.find('\n') == std::string_view::npos, "a line of a log contains a line break");
  const off_t before = ::lseek(descriptor_, 0, SEEK_END);
  int cause = write_all(descriptor_, std::string(line) + '\n');
  if (cause == 0 && ::fdatasync(descriptor_) != 0) cause = errno;
  if (cause == 0) return;
  if (::ftruncate(descriptor_, before) != 0) cause = errno;
  cannot_write(path_, cause);
}

std::vector<std::string> read_log(const std::filesystem::path& path) {
  std::vector<std::string> lines;
  if (!std::filesystem::exists(path)) return lines;
  const std::string text = read_file(path);
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) return lines;
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace regard
