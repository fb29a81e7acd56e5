#pragma once
// A child process whose standard output is read line by line. It is started with posix_spawn, because OpenMP's threads
// do not survive a fork.
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/files.h"

namespace regard {

// Differences between a child and its parent.
struct ProcessOptions {
  Path folder = {};                 // the working folder; empty: the parent's
  Path output = {};                 // the file that standard output is written to; empty: a pipe, for read_lines()
  Path errors = {};                 // the same for standard error, and may be the same file; empty: the parent's
  bool search_path = false;         // arguments[0] is looked for in PATH
  bool inherit_environment = true;  // else `environment` is all that the child gets
};

class Process final {
 public:
  // Starts `arguments[0]` in its own process group, so that a Ctrl-C of the terminal only reaches the parent. Adds
  // `environment` (NAME=value) to this process's environment. InternalError if it cannot be started.
  Process(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
          const ProcessOptions& options = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  // kills the process if it still runs

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }  // -1 after wait()
  // Returns whether it has not ended yet. wait() must be called in both cases.
  [[nodiscard]] bool running() const;
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  // Reads the available output and appends its complete lines. Returns false at the end of the output.
  bool read_lines(std::vector<std::string>& lines);
  void signal(int number) const;        // to the child
  void signal_group(int number) const;  // to the child and all in its process group
  // Waits for the end; exit_code() and killed_by() then say how it ended.
  void wait();
  // Waits for at most `limit`; then kills the child and returns false.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds limit);
  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }
  [[nodiscard]] int killed_by() const noexcept { return killed_by_; }  // a signal's number, 0 if it exited
  // Seconds of processor time that it and its own children used; 0 before wait().
  [[nodiscard]] double processor_seconds() const noexcept { return processor_seconds_; }

 private:
  pid_t pid_ = -1;
  int descriptor_ = -1;
  std::string partial_;
  int exit_code_ = 0;
  int killed_by_ = 0;
  double processor_seconds_ = 0;
};

// Returns the name of a signal: "Killed" for 9.
[[nodiscard]] std::string signal_text(int signal);

// Returns the path of this program's file.
[[nodiscard]] std::string this_program();

}  // namespace regard
