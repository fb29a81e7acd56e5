#include "framework/base/folder_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard {
namespace {

// Runs body in a child process and returns its exit code (or 200 + the signal).
template <class Body>
int in_child(Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
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

TEST_CASE("folder lock: a killed holder is noticed and does not keep the lock") {
  const test::TempFolder folder;
  const int ended = in_child([&] {
    const FolderLock lock(folder.path());
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  CHECK(ended == 200 + SIGKILL);
  CHECK_FALSE(FolderLock::holder(folder.path()).has_value());
  const FolderLock lock(folder.path());
  REQUIRE(lock.died().has_value());
  CHECK(lock.died()->process != ::getpid());
}

TEST_CASE("folder lock: another process is refused too") {
  const test::TempFolder folder;
  const FolderLock lock(folder.path());
  CHECK(in_child([&] {
          try {
            const FolderLock second(folder.path());
          } catch (const FolderError&) {
            return 7;
          }
          return 0;
        }) == 7);
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
