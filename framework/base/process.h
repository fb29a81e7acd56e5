#pragma once
// A child process whose standard output is read line by line. Spawned, never forked: OpenMP's threads do not
// survive a fork.
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace regard {

class Process final {
 public:
  // Starts `arguments[0]` in a process group of its own (a Ctrl-C of the terminal reaches the parent alone), with
  // `environment` (NAME=value) added to this process's. InternalError where it cannot be started.
  Process(const std::vector<std::string>& arguments, const std::vector<std::string>& environment);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  // kills what still runs

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }  // -1 after wait()
  // Whether it has not ended yet; wait() is due all the same.
  [[nodiscard]] bool running() const;
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  // Reads what is there; appends complete lines. False at the end of the output.
  bool read_lines(std::vector<std::string>& lines);
  void signal(int number) const;
  // Waits for the end; exit_code() and killed_by() then say how it came.
  void wait();
  [[nodiscard]] int exit_code() const noexcept { return exit_code_; }
  [[nodiscard]] int killed_by() const noexcept { return killed_by_; }  // a signal's number, 0 if it exited

 private:
  pid_t pid_ = -1;
  int descriptor_ = -1;
  std::string partial_;
  int exit_code_ = 0;
  int killed_by_ = 0;
};

// What a signal is called: "Killed" for 9.
[[nodiscard]] std::string signal_text(int signal);

// This program's own file.
[[nodiscard]] std::string this_program();

}  // namespace regard
