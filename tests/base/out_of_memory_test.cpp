#include "framework/base/out_of_memory.h"

#include <signal.h>
#include <unistd.h>

#include <new>
#include <stdexcept>
#include <string>

#include "framework/base/parallel.h"
#include "framework/base/process.h"
#include "tests/support/catch.h"

namespace regard {
namespace {

struct End {
  std::vector<std::string> lines;
  int code = 0, signal = 0;
};

// One of the hidden cases below, in a process of its own: an exception comes out of a loop, which cannot throw.
End end_by(const std::string& name) {
  Process process({this_program(), "child of out of memory: " + name, "--out", "/dev/null"}, {},
                  {.errors = "/dev/null"});
  End end;
  while (process.read_lines(end.lines)) {
  }
  process.wait();
  end.code = process.exit_code();
  end.signal = process.killed_by();
  return end;
}

template <class E>
void throw_in_loop(const E& error) {
  signal(SIGABRT, SIG_DFL);  // and not the handler that reports a failed test
  say_out_of_memory("no memory\n", STDOUT_FILENO);
  parallel_for(1, 1, [&error](Index, Index) { throw E(error); });
}

}  // namespace

TEST_CASE("child of out of memory: no memory", "[.]") { throw_in_loop(std::bad_alloc()); }

TEST_CASE("child of out of memory: another exception", "[.]") { throw_in_loop(std::runtime_error("other")); }

TEST_CASE("say_out_of_memory: out of memory where nothing may be thrown is one line and exit code 1") {
  const End end = end_by("no memory");
  CHECK(end.lines == std::vector<std::string>{"no memory"});
  CHECK(end.code == 1);
  CHECK(end.signal == 0);
}

TEST_CASE("say_out_of_memory: another exception there still aborts") {
  const End end = end_by("another exception");
  CHECK(end.lines.empty());
  CHECK(end.signal == SIGABRT);
}

}  // namespace regard
