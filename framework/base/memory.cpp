#include "framework/base/memory.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

namespace regard {
namespace {

namespace fs = std::filesystem;

// Returns the number at the start of a file; nothing for "max" and for a missing file.
std::optional<std::size_t> number_in(const fs::path& file) {
  std::ifstream in(file);
  std::size_t number = 0;
  if (!(in >> number)) return std::nullopt;
  return number;
}

// Returns the number after `name` in a file of lines "name number".
std::optional<std::size_t> number_of(const fs::path& file, const std::string& name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string word;
    std::size_t number = 0;
    if (words >> word >> number && word == name) return number;
  }
  return std::nullopt;
}

// The names of a group's files in one version of control groups.
struct GroupFiles {
  const char* limit;
  const char* used;
  const char* cache;  // in memory.stat
};
constexpr GroupFiles kVersion2{"memory.max", "memory.current", "file"};
constexpr GroupFiles kVersion1{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_cache"};

std::optional<std::size_t> left_in(const fs::path& group, const GroupFiles& files) {
  const auto limit = number_in(group / files.limit);
  const auto used = number_in(group / files.used);
  if (!limit || !used) return std::nullopt;
  const std::size_t held = *used - std::min(*used, number_of(group / "memory.stat", files.cache).value_or(0));
  return *limit - std::min(*limit, held);
}

}  // namespace

std::optional<std::size_t> addresses_left() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  const std::size_t pages = number_in("/proc/self/statm").value_or(0);
  const auto all = static_cast<std::size_t>(limit.rlim_cur);
  return all - std::min(all, pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)));
}

namespace {

void allow(UsableMemory& least, std::optional<std::size_t> bytes, const char* limit) {
  if (bytes && *bytes < least.bytes) least = {*bytes, limit};
}

}  // namespace

UsableMemory shared_memory(const fs::path& proc, const fs::path& groups) {
  UsableMemory least{std::numeric_limits<std::size_t>::max(), ""};
  if (const auto kilobytes = number_of(proc / "meminfo", "MemAvailable:"))
    allow(least, *kilobytes * 1024, "free memory");
  std::ifstream in(proc / "self" / "cgroup");
  for (std::string line; std::getline(in, line);) {  // "0::/user.slice" or "4:memory:/user.slice"
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);  // "cpu,memory"; "" in version 2
    const bool unified = controllers.empty();
    if (!unified && controllers.find("memory") == std::string::npos) continue;
    const fs::path root = unified ? groups : groups / "memory";
    // Every enclosing group has its own limit. In a container, the path may be that of the host; then only the root
    // exists here.
    fs::path group = root / fs::path(line.substr(second + 1)).relative_path();
    for (;;) {
      allow(least, left_in(group, unified ? kVersion2 : kVersion1), "the control group's limit");
      if (group == root || group == group.parent_path()) break;
      group = group.parent_path();
    }
  }
  return least;
}

UsableMemory usable_memory(const fs::path& proc, const fs::path& groups) {
  UsableMemory least = shared_memory(proc, groups);
  allow(least, addresses_left(), "ulimit -v");
  return least;
}

}  // namespace regard
