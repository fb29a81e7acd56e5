#include "framework/base/folder_lock.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <sstream>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/files.h"

namespace regard {
namespace {

// Reads the file: "host process since" on one line; empty while the folder is not locked.
std::optional<Holder> read_holder(int descriptor) {
  std::array<char, 512> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  if (size <= 0) return std::nullopt;
  std::istringstream words(std::string(text.data(), static_cast<std::size_t>(size)));
  Holder holder;
  if (words >> holder.host >> holder.process >> holder.since) return holder;
  return std::nullopt;
}

Holder myself() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {"unknown"};
  return {host.data(), ::getpid(), fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))};
}

std::string in_use(const std::optional<Holder>& holder) {
  if (!holder) return "in use by another process";
  return fmt::format("in use by process {} on host {} since {}", holder->process, holder->host, holder->since);
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kFileName;
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw FolderError(fmt::format("{}: cannot be written: {}", path.string(), cause_of(errno)));
  const auto give_up = [&](const std::string& message) {
    ::close(descriptor_);
    throw FolderError(message);
  };
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      give_up(fmt::format("{}: {}; wait for it to end, or write to another folder", folder.string(),
                          in_use(read_holder(descriptor_))));
    }
    give_up(fmt::format("{}: cannot be locked: {}", path.string(), cause_of(errno)));
  }
  died_ = read_holder(descriptor_);
  const Holder me = myself();
  const std::string line = fmt::format("{} {} {}\n", me.host, me.process, me.since);
  if (::ftruncate(descriptor_, 0) != 0 ||
      ::pwrite(descriptor_, line.data(), line.size(), 0) != static_cast<ssize_t>(line.size())) {
    give_up(fmt::format("{}: cannot be written: {}", path.string(), cause_of(errno)));
  }
}

FolderLock::~FolderLock() {
  // The file is not removed, because then two processes could lock two different files with this name.
  [[maybe_unused]] const int emptied = ::ftruncate(descriptor_, 0);
  ::close(descriptor_);
}

std::optional<Holder> FolderLock::holder(const std::filesystem::path& folder) {
  const int descriptor = ::open((folder / kFileName).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  std::optional<Holder> holder;
  if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    holder = read_holder(descriptor);
    if (!holder) holder = Holder{"unknown", 0, "unknown"};
  }
  ::close(descriptor);
  return holder;
}

}  // namespace regard
