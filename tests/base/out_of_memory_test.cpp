#include "framework/base/out_of_memory.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>
#include <stdexcept>
#include <string>

#include "framework/base/parallel.h"
#include "tests/support/catch.h"

namespace regard {
namespace {

struct End {
  std::string said;
  int code = -1, signal = 0;
};

// Runs a child process in which an exception leaves a parallel loop, which may not throw.
template <class E>
End end_by(const E& error) {
  int pipe_ends[2];
  REQUIRE(pipe(pipe_ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGABRT, SIG_DFL);  // removes the handler that reports a failed test
    close(STDERR_FILENO);
    say_out_of_memory("no memory\n", pipe_ends[1]);
    parallel_for(1, 1, [&error](Index, Index) { throw E(error); });
  }
  close(pipe_ends[1]);
  End end;
  char letter = 0;
  while (read(pipe_ends[0], &letter, 1) == 1) end.said += letter;
  close(pipe_ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  return end;
}

}  // namespace

TEST_CASE("say_out_of_memory: out of memory where nothing may be thrown is one line and exit code 1") {
  const End end = end_by(std::bad_alloc());
  CHECK(end.said == "no memory\n");
  CHECK(end.code == 1);
  CHECK(end.signal == 0);
}

TEST_CASE("say_out_of_memory: another exception there still aborts") {
  const End end = end_by(std::runtime_error("other"));
  CHECK(end.said.empty());
  CHECK(end.signal == SIGABRT);
}

}  // namespace regard
