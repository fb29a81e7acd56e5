#pragma once
// How much memory this process may take, as the system says it: free memory, the limits of its control groups, and
// its own limit of addresses (ulimit -v).
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace regard {

// Bytes of addresses that RLIMIT_AS leaves this process; nothing where there is no limit.
[[nodiscard]] std::optional<std::size_t> addresses_left();

struct UsableMemory {
  std::size_t bytes = 0;
  std::string limit = {};  // what allows no more: "free memory", "the control group's limit", "ulimit -v"
};

// The least of: MemAvailable; what each control group (version 2 or 1) around this process leaves, its file cache
// counted as free; addresses_left(). What cannot be read limits nothing. `proc` and `groups` are where
// /proc/meminfo, /proc/self/cgroup and the groups' files are looked for.
[[nodiscard]] UsableMemory usable_memory(const std::filesystem::path& proc = "/proc",
                                         const std::filesystem::path& groups = "/sys/fs/cgroup");

// The same without this process's own limit: what all processes of a plan have together.
[[nodiscard]] UsableMemory shared_memory(const std::filesystem::path& proc = "/proc",
                                         const std::filesystem::path& groups = "/sys/fs/cgroup");

}  // namespace regard
