#include "framework/base/files.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "framework/base/errors.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard {
namespace {

// Drops the rights of root for its lifetime, so that permissions can be tested in a container too.
class AsNobody final {
 public:
  AsNobody() {
    if (::geteuid() == 0) dropped_ = ::seteuid(65534) == 0;
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() {
    if (dropped_ && ::seteuid(0) != 0) std::abort();
  }

 private:
  bool dropped_ = false;
};

std::size_t entries(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

}  // namespace

TEST_CASE("joined lines: each ends with a newline and none give nothing") {
  CHECK(joined_lines({}).empty());
  CHECK(joined_lines({"a", "", "b c"}) == "a\n\nb c\n");
}

TEST_CASE("write file: the file has the written text and no other file remains") {
  const test::TempFolder folder;
  const std::string bytes("a\0b\n\xFF", 5);
  write_file(folder / "a", bytes);
  CHECK(read_file(folder / "a") == bytes);
  write_file(folder / "a", "shorter");
  CHECK(read_file(folder / "a") == "shorter");
  write_file(folder / "empty", "");
  CHECK(read_file(folder / "empty").empty());
  CHECK(entries(folder.path()) == 2);
}

TEST_CASE("write file: a name without a folder is written to the current folder") {
  const test::TempFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  write_file("here", "x");
  std::filesystem::current_path(before);
  CHECK(read_file(folder / "here") == "x");
}

TEST_CASE("write file: a leftover of a killed write is replaced") {
  const test::TempFolder folder;
  write_file(folder / "a.partial", "half of a longer text");
  write_file(folder / "a", "new");
  CHECK(read_file(folder / "a") == "new");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("write file: a full disk keeps the old file and leaves no partial one") {
  const test::TempFolder folder;
  write_file(folder / "a", "old");
  std::filesystem::create_symlink("/dev/full", folder / "a.partial");  // every write to it fails with ENOSPC
  CHECK_THROWS_AS(write_file(folder / "a", "new"), FolderError);
  CHECK(entries(folder.path()) == 1);
  std::filesystem::create_symlink("/dev/full", folder / "a.partial");
  CHECK_THROWS_WITH(write_file(folder / "a", "new"),
                    (folder / "a").string() + ": cannot be written: no space is left on the disk");
  CHECK(read_file(folder / "a") == "old");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("write file: a size limit in the middle of a write leaves no partial file") {
  const test::TempFolder folder;
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{1000, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  std::string message;
  try {
    write_file(folder / "a", std::string(5000, 'x'));
  } catch (const FolderError& error) {
    message = error.what();
  }
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK(message ==
        (folder / "a").string() + ": cannot be written: the file would be larger than the system allows");
  CHECK(entries(folder.path()) == 0);
}

TEST_CASE("write file: each error names its cause in plain words") {
  const test::TempFolder folder;
  write_file(folder / "file", "x");
  std::filesystem::create_directory(folder / "folder");
  const auto message = [&](const std::string& name) {
    try {
      write_file(folder / name, "x");
    } catch (const FolderError& error) {
      return std::string(error.what()).substr((folder / name).string().size());
    }
    return std::string("written");
  };
  CHECK(message("none/a") == ": cannot be written: no such file or folder");
  CHECK(message("file/a") == ": cannot be written: a part of the path is a file, not a folder");
  CHECK(message("folder") == ": cannot be written: it is a folder, not a file");
  CHECK(message(std::string(300, 'n')) == ": cannot be written: the name is too long");
  CHECK(entries(folder.path()) == 2);
  REQUIRE(::chmod(folder.path().c_str(), 0555) == 0);
  {
    const AsNobody nobody;
    CHECK(message("a") == ": cannot be written: permission denied");
  }
  REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
}

TEST_CASE("causes: each error of a disk has a sentence") {
  CHECK(cause_of(EROFS) == "the file system is read-only");
  CHECK(cause_of(EDQUOT) == "the disk quota is used up");
  CHECK(cause_of(EIO) == "the disk reports an error");
  CHECK(cause_of(EMFILE) == "Too many open files");
}

TEST_CASE("atomic file: without commit nothing appears") {
  const test::TempFolder folder;
  {
    AtomicFile file(folder / "a");
    file.write("half");
    CHECK_FALSE(std::filesystem::exists(folder / "a"));
  }
  CHECK(entries(folder.path()) == 0);
}

TEST_CASE("atomic file: pieces make one file and using it after commit is an internal error") {
  const test::TempFolder folder;
  AtomicFile file(folder / "a");
  file.write("one ");
  file.write("two");
  file.commit();
  CHECK(read_file(folder / "a") == "one two");
  CHECK_THROWS_AS(file.write("three"), InternalError);
  CHECK_THROWS_AS(file.commit(), InternalError);
}

TEST_CASE("read file: a large file needs memory of its size and no more") {
  const test::TempFolder folder;
  const std::string bytes((std::size_t{5} << 20) + 7, 'x');
  write_file(folder / "a", bytes);
  const std::string read = read_file(folder / "a");
  CHECK(read == bytes);
  CHECK(read.capacity() < bytes.size() + 100);
}

TEST_CASE("files: read_if_exists returns nothing only for a missing file") {
  const test::TempFolder folder;
  write_file(folder / "a", "text");
  make_folder(folder / "b");
  CHECK(read_if_exists(folder / "a") == "text");
  CHECK_FALSE(read_if_exists(folder / "none"));
  CHECK_FALSE(read_if_exists(folder / "a/none"));
  CHECK_THROWS_AS(read_if_exists(folder / "b"), DataError);
  CHECK_THROWS_WITH(read_if_exists(folder / "b"),
                    (folder / "b").string() + ": cannot be read: it is a folder, not a file");
}

TEST_CASE("read file: a missing file and a folder are data errors") {
  const test::TempFolder folder;
  CHECK_THROWS_AS(read_file(folder / "none"), DataError);
  CHECK_THROWS_WITH(read_file(folder / "none"),
                    (folder / "none").string() + ": cannot be read: no such file or folder");
  CHECK_THROWS_WITH(read_file(folder.path()),
                    folder.path().string() + ": cannot be read: it is a folder, not a file");
  std::string reason;
  CHECK_FALSE(try_read_file(folder / "none", reason).has_value());
  CHECK(reason == "no such file or folder");
}

TEST_CASE("make folder: the whole path is created and a file in the way is named") {
  const test::TempFolder folder;
  make_folder(folder / "a/b/c");
  make_folder(folder / "a/b/c");
  CHECK(std::filesystem::is_directory(folder / "a/b/c"));
  write_file(folder / "file", "x");
  CHECK_THROWS_AS(make_folder(folder / "file"), FolderError);
  CHECK_THROWS_WITH(make_folder(folder / "file/b"),
                    (folder / "file/b").string() + ": cannot be made: a part of the path is a file, not a folder");
}

TEST_CASE("line log: lines are read in order and a restart appends to them") {
  const test::TempFolder folder;
  CHECK(read_log(folder / "log").empty());
  {
    LineLog log(folder / "log");
    log.append("one");
    log.append("");
  }
  LineLog(folder / "log").append("three");
  CHECK(read_log(folder / "log") == std::vector<std::string>{"one", "", "three"});
}

TEST_CASE("line log: an incomplete last line is not read and is cut off at the next start") {
  const test::TempFolder folder;
  write_file(folder / "log", "one\ntwo\n{\"half");
  CHECK(read_log(folder / "log") == std::vector<std::string>{"one", "two"});
  LineLog(folder / "log").append("three");
  CHECK(read_file(folder / "log") == "one\ntwo\nthree\n");
  write_file(folder / "log", "no line at all");
  LineLog(folder / "log").append("first");
  CHECK(read_file(folder / "log") == "first\n");
}

TEST_CASE("line log: a failed line leaves nothing in the file") {
  const test::TempFolder folder;
  LineLog log(folder / "log");
  log.append("one");
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{10, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  bool thrown = false;
  try {
    log.append("a line of more than ten bytes");
  } catch (const FolderError&) {
    thrown = true;
  }
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK(thrown);
  CHECK(read_file(folder / "log") == "one\n");
  CHECK_THROWS_AS(log.append("a\nb"), InternalError);
}

}  // namespace regard
