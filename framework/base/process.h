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
  Path folder;                      // the working folder; empty: the parent's
  Path errors;                      // the file for standard error; empty: the parent's standard error
  bool quiet = false;               // true: standard input and output are /dev/null, so there is nothing to read
  bool search_path = false;         // true: arguments[0] is searched in PATH
  bool inherit_environment = true;  // false: the child only has `environment`
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
  void signal(int number) const;
  // Waits for the end. After it, exit_code() and killed_by() return how it ended.
  void wait();
  // Waits for at most `limit`; then kills the child and returns false.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds limit);
  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }
  [[nodiscard]] int killed_by() const noexcept { return killed_by_; }  // number of the signal; 0 if it exited

 private:
  pid_t pid_ = -1;
  int descriptor_ = -1;
  std::string partial_;
  int exit_code_ = 0;
  int killed_by_ = 0;
};

// Returns the name of a signal: "Killed" for 9.
[[nodiscard]] std::string signal_text(int signal);

// Returns the path of this program's file.
[[nodiscard]] std::string this_program();

}  // namespace regard
