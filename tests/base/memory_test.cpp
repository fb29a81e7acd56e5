#include "framework/base/memory.h"

#include <sys/resource.h>

#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard {
namespace {

constexpr std::size_t kKilo = 1024;

// Folders that look like /proc and /sys/fs/cgroup.
class Fake {
 public:
  Fake() { set("proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:   5000 kB\nSwapFree: 7 kB\n"); }
  void set(const std::string& file, const std::string& text) const {
    const std::filesystem::path path = folder_.path() / file;
    make_folder(path.parent_path());
    write_file(path, text);
  }
  [[nodiscard]] UsableMemory usable() const {
    return usable_memory(folder_.path() / "proc", folder_.path() / "groups");
  }
  [[nodiscard]] UsableMemory shared() const {
    return shared_memory(folder_.path() / "proc", folder_.path() / "groups");
  }

 private:
  test::TempFolder folder_;
};

}  // namespace

TEST_CASE("usable_memory: it is the free memory if no group has a limit") {
  const Fake fake;
  CHECK(fake.usable().bytes == 5000 * kKilo);
  CHECK(fake.usable().limit == "free memory");
  fake.set("proc/self/cgroup", "0::/a/b\n");
  fake.set("groups/a/memory.max", "max\n");
  fake.set("groups/a/memory.current", "1000\n");
  CHECK(fake.usable().bytes == 5000 * kKilo);
}

TEST_CASE("usable_memory: the smallest limit of the groups counts and file cache counts as free") {
  const Fake fake;
  fake.set("proc/self/cgroup", "0::/a/b\n");
  fake.set("groups/a/memory.max", "4096000\n");
  fake.set("groups/a/memory.current", "1024000\n");
  CHECK(fake.usable().bytes == 3072000);
  CHECK(fake.usable().limit == "the control group's limit");
  fake.set("groups/a/memory.stat", "anon 5\nfile 24000\n");
  CHECK(fake.usable().bytes == 3096000);
  fake.set("groups/a/b/memory.max", "2000000\n");
  fake.set("groups/a/b/memory.current", "2500000\n");
  CHECK(fake.usable().bytes == 0);
  // A container sees only the root.
  fake.set("proc/self/cgroup", "0::/elsewhere\n");
  fake.set("groups/memory.max", "1000000\n");
  fake.set("groups/memory.current", "400000\n");
  CHECK(fake.usable().bytes == 600000);
}

TEST_CASE("usable_memory: limits of cgroup version 1 count too") {
  const Fake fake;
  fake.set("proc/self/cgroup", "5:cpu,cpuacct:/c\n4:memory:/c\n");
  fake.set("groups/memory/c/memory.limit_in_bytes", "1000000\n");
  fake.set("groups/memory/c/memory.usage_in_bytes", "700000\n");
  fake.set("groups/memory/c/memory.stat", "cache 1\ntotal_cache 100000\n");
  CHECK(fake.usable().bytes == 400000);
  CHECK(fake.usable().limit == "the control group's limit");
}

TEST_CASE("usable_memory: it is a number for this process") {
  CHECK(usable_memory().bytes > 0);
  CHECK_FALSE(usable_memory().limit.empty());
}

#if !defined(__SANITIZE_ADDRESS__)  // the sanitizer reserves more addresses than any limit
TEST_CASE("usable_memory: an address limit counts without the addresses in use") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_AS, &before) == 0);
  if (before.rlim_cur == RLIM_INFINITY) CHECK_FALSE(addresses_left().has_value());
  constexpr std::size_t kGiga = std::size_t{1} << 30;
  const rlimit limit{4 * kGiga, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_AS, &limit) == 0);
  const auto left = addresses_left();
  const Fake fake;
  const UsableMemory wide = fake.usable();
  fake.set("proc/meminfo", "MemAvailable: 99999999 kB\n");
  const UsableMemory narrow = fake.usable();
  CHECK(fake.shared().bytes == 99999999 * kKilo);  // other processes have addresses of their own
  REQUIRE(::setrlimit(RLIMIT_AS, &before) == 0);
  REQUIRE(left.has_value());
  CHECK(*left < 4 * kGiga);
  CHECK(*left > kGiga);
  CHECK(wide.limit == "free memory");
  CHECK(narrow.limit == "ulimit -v");
}
#endif

}  // namespace regard
