#include "framework/base/folder_lock.h"

#include <signal.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "framework/base/environment.h"
#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/process.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard {
namespace {

constexpr const char* kFolder = "REGARD_TEST_FOLDER";

// One of the hidden cases below, in a process of its own that has ended.
std::unique_ptr<Process> child(const std::string& name, const test::TempFolder& folder) {
  auto process = std::make_unique<Process>(
      std::vector<std::string>{this_program(), "child of folder lock: " + name},
      std::vector<std::string>{kFolder + ("=" + folder.path().string())}, ProcessOptions{.output = "/dev/null"});
  process->wait();
  return process;
}

}  // namespace

TEST_CASE("folder lock: a second writer is told who holds the folder") {
  const test::TempFolder folder;
  const FolderLock lock(folder.path());
  CHECK_FALSE(lock.died().has_value());
  const auto holder = FolderLock::holder(folder.path());
  REQUIRE(holder.has_value());
  CHECK(holder->process == ::getpid());
  CHECK(holder->since.size() == std::string("2024-02-29T12:00:00Z").size());
  CHECK_THROWS_AS(FolderLock(folder.path()), FolderError);
  CHECK_THROWS_WITH(
      FolderLock(folder.path()),
      fmt::format("{}: in use by process {} on host {} since {}; wait for it to end, or write to another folder",
                  folder.path().string(), holder->process, holder->host, holder->since));
}

TEST_CASE("folder lock: it is released at the end of its scope") {
  const test::TempFolder folder;
  CHECK_FALSE(FolderLock::holder(folder.path()).has_value());
  { const FolderLock lock(folder.path()); }
  CHECK_FALSE(FolderLock::holder(folder.path()).has_value());
  const FolderLock again(folder.path());
  CHECK_FALSE(again.died().has_value());
}

TEST_CASE("child of folder lock: killed holder", "[.]") {
  const FolderLock lock(environment(kFolder));
  ::kill(::getpid(), SIGKILL);
}

TEST_CASE("child of folder lock: refused", "[.]") {
  CHECK_THROWS_AS(FolderLock(environment(kFolder)), FolderError);
}

TEST_CASE("folder lock: a killed holder is noticed and does not keep the lock") {
  const test::TempFolder folder;
  CHECK(child("killed holder", folder)->killed_by() == SIGKILL);
  CHECK_FALSE(FolderLock::holder(folder.path()).has_value());
  const FolderLock lock(folder.path());
  REQUIRE(lock.died().has_value());
  CHECK(lock.died()->process != ::getpid());
}

TEST_CASE("folder lock: another process is refused too") {
  const test::TempFolder folder;
  const FolderLock lock(folder.path());
  const auto second = child("refused", folder);
  CHECK(second->killed_by() == 0);
  CHECK(second->exit_code() == 0);
}

TEST_CASE("folder lock: a lock file with other content has no holder") {
  const test::TempFolder folder;
  write_file(folder / ".lock", "rubbish");
  const FolderLock lock(folder.path());
  CHECK_FALSE(lock.died().has_value());
}

TEST_CASE("folder lock: a missing folder is an error") {
  const test::TempFolder folder;
  CHECK_THROWS_WITH(FolderLock(folder / "none"),
                    (folder / "none").string() + "/.lock: cannot be written: no such file or folder");
}

}  // namespace regard
