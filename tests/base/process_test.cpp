#include "framework/base/process.h"

#include <signal.h>

#include <chrono>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard {
namespace {

constexpr std::chrono::seconds kLong{20};

}  // namespace

TEST_CASE("process: the output is read line by line until its end") {
  Process process({"/bin/sh", "-c", "echo one; echo two; exit 3"}, {});
  std::vector<std::string> lines;
  while (process.read_lines(lines)) {
  }
  process.wait();
  CHECK(lines == std::vector<std::string>{"one", "two"});
  CHECK(process.exit_code() == 3);
  CHECK(process.killed_by() == 0);
}

TEST_CASE("process: a child runs in its folder with its errors in a file and nothing else in its environment") {
  const test::TempFolder folder;
  Process process({"sh", "-c", "pwd >&2; env >&2; cat; echo unseen"}, {"PATH=/usr/bin:/bin", "ONE=two"},
                  {.folder = Path(folder / "."),
                   .output = "/dev/null",
                   .errors = Path(folder / "errors"),
                   .search_path = true,
                   .inherit_environment = false});
  REQUIRE(process.wait_for(kLong));
  CHECK(process.exit_code() == 0);
  const std::string said = read_file(folder / "errors");
  CHECK(said.find("ONE=two\n") != std::string::npos);
  CHECK(said.find("HOME=") == std::string::npos);
  CHECK(said.starts_with(std::filesystem::canonical(folder / ".").string() + "\n"));
}

TEST_CASE("process: a signal that ended a child is known") {
  Process killed({"/bin/sh", "-c", "kill -9 $$"}, {});
  killed.wait();
  CHECK(killed.killed_by() == 9);
}

TEST_CASE("process: output and errors in one file keep their order") {
  const test::TempFolder folder;
  const Path file = folder / "text";
  Process process({"/bin/sh", "-c", "echo one; echo two >&2; echo three"}, {}, {.output = file, .errors = file});
  process.wait();
  CHECK(read_file(file) == "one\ntwo\nthree\n");
  std::vector<std::string> lines;
  CHECK_FALSE(process.read_lines(lines));
  CHECK(lines.empty());
}

TEST_CASE("process: standard input is empty") {
  Process process({"/bin/sh", "-c", "wc -c"}, {});
  std::vector<std::string> lines;
  while (process.read_lines(lines)) {
  }
  process.wait();
  CHECK(lines == std::vector<std::string>{"0"});
}

TEST_CASE("process: the processor time of a child is known at its end") {
  Process process({"/bin/sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"}, {});
  CHECK(process.processor_seconds() == 0);
  process.wait();
  CHECK(process.processor_seconds() > 0.01);
}

TEST_CASE("process: a signal to the group reaches the children of the child") {
  Process process({"/bin/sh", "-c", "sleep 600 & echo $!; wait"}, {});
  std::vector<std::string> lines;
  while (lines.empty() && process.read_lines(lines)) {
  }
  REQUIRE(lines.size() == 1);
  process.signal_group(SIGKILL);
  while (process.read_lines(lines)) {  // ends when the last process with the pipe has ended
  }
  process.wait();
  CHECK(process.killed_by() == SIGKILL);
}

TEST_CASE("process: a child is killed after its time limit") {
  Process process({"/bin/sh", "-c", "exec sleep 600"}, {});
  CHECK_FALSE(process.wait_for(std::chrono::milliseconds(50)));
  CHECK(process.killed_by() == 9);
}

TEST_CASE("process: a program that cannot be started is an error with one sentence") {
  CHECK_THROWS_WITH(Process({"/no/such/program"}, {}),
                    "/no/such/program cannot be started: no such file or folder");
}

}  // namespace regard
