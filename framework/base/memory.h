#pragma once
// Returns how much memory this process may use: from free memory, the limits of its control groups, and its own limit
// of addresses (ulimit -v).
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace regard {

// Returns the bytes of addresses that are left for this process under RLIMIT_AS; nothing if there is no limit.
[[nodiscard]] std::optional<std::size_t> addresses_left();

struct UsableMemory {
  std::size_t bytes = 0;
  std::string limit = {};  // the smallest limit: "free memory", "the control group's limit", "ulimit -v"
};

// Returns the least of: MemAvailable; the rest in each control group (version 2 or 1) of this process, with its file
// cache counted as free; addresses_left(). A value that cannot be read is no limit. `proc` and `groups` are the folders
// of meminfo, self/cgroup and the groups' files.
[[nodiscard]] UsableMemory usable_memory(const std::filesystem::path& proc = "/proc",
                                         const std::filesystem::path& groups = "/sys/fs/cgroup");

// The same without this process's own limit: what all processes of a plan have together.
[[nodiscard]] UsableMemory shared_memory(const std::filesystem::path& proc = "/proc",
                                         const std::filesystem::path& groups = "/sys/fs/cgroup");

}  // namespace regard
