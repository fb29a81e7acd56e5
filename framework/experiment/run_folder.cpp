#include "framework/experiment/run_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "framework/base/errors.h"

namespace regard::experiment {
namespace {

Path with_ending(const Path& folder, std::string_view name, std::string_view ending) {
  return folder / (std::string(name) + std::string(ending));
}

FolderError cannot(const Path& path, std::string_view what, int error) {
  return FolderError(fmt::format("{}: cannot be {}: {}", path.string(), what, std::strerror(error)));
}

// A file descriptor that closes itself.
class Descriptor {
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

// 0, or the errno of what failed.
int write_and_sync(const Path& path, std::string_view bytes) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (file.get() < 0) return errno;
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file.get()) == 0 ? 0 : errno;
}

}  // namespace

Path RunPaths::hypotheses(std::string_view test) const { return with_ending(folder / "hypotheses", test, ".txt"); }
Path RunPaths::greedy_hypotheses(std::string_view test) const {
  return with_ending(folder / "hypotheses", test, ".greedy.txt");
}
Path RunPaths::hypothesis_tokens(std::string_view test) const {
  return with_ending(folder / "hypotheses", test, ".tokens.txt");
}
Path RunPaths::attention(std::string_view test) const { return with_ending(folder / "attention", test, ".jsonl"); }

Path RunFolder::test_source(std::string_view test) const { return with_ending(data() / "tests", test, ".source"); }
Path RunFolder::test_target(std::string_view test) const { return with_ending(data() / "tests", test, ".target"); }
Path RunFolder::test_source_tokens(std::string_view test) const {
  return with_ending(data() / "tests", test, ".source.tokens");
}
Path RunFolder::test_target_tokens(std::string_view test) const {
  return with_ending(data() / "tests", test, ".target.tokens");
}
Path RunFolder::test_alignment(std::string_view test) const {
  return with_ending(data() / "tests", test, ".align");
}
RunPaths RunFolder::run(std::string_view system, Index seed) const {
  return {folder / std::string(system) / fmt::format("seed-{}", seed)};
}

void require_file_name(std::string_view what, std::string_view name) {
  const bool control = std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/';
  });
  const bool reserved = name == "." || name == ".." || name == "data" || name == "report";
  if (!name.empty() && name.size() <= 200 && !control && !reserved) return;
  std::string shown(name.substr(0, 40));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, '?');
  throw ConfigError(fmt::format(
      "a {} is named \"{}\": the name becomes a folder or file, so give it 1 to 200 bytes without '/' or control "
      "characters, and not \".\", \"..\", \"data\" or \"report\"",
      what, shown));
}

void write_file(const Path& path, std::string_view bytes) {
  std::error_code error;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
  if (error) throw cannot(path, "written", error.value());
  Path beside = path;
  beside += fmt::format(".{}.part", ::getpid());
  int failed = write_and_sync(beside, bytes);
  if (failed == 0 && std::rename(beside.c_str(), path.c_str()) != 0) failed = errno;
  if (failed != 0) {
    ::unlink(beside.c_str());
    throw cannot(path, "written", failed);
  }
}

std::string read_file(const Path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) throw cannot(path, "read", errno);
  std::string bytes;
  char block[1 << 16];
  for (;;) {
    const ssize_t got = ::read(file.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw cannot(path, "read", errno);
    if (got == 0) return bytes;
    bytes.append(block, static_cast<std::size_t>(got));
  }
}

}  // namespace regard::experiment
