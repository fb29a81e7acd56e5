#pragma once
// The real program, started as a user starts it: in a folder of its own choice, in a process group of its own.
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "framework/base/process.h"
#include "tests/support/temp_folder.h"

namespace regard::test {

struct Ended {
  int code = 0;        // exit code; -1 if a signal ended it
  int signal = 0;      // the signal that ended it; 0 if it exited
  double seconds = 0;  // processor time, including its children
  std::string out = {};
  std::string err = {};
};

class Program final {
 public:
  // Runs `regard WORDS...` in `folder`. `gnuplot`: with figures in the report, which need time.
  Program(const std::filesystem::path& folder, const std::vector<std::string>& words, bool gnuplot = false,
          const std::string& program = REGARD_PROGRAM);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();  // kills processes that still run

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  [[nodiscard]] bool running() const { return process_.running(); }
  void signal(int number) const { process_.signal(number); }
  void signal_group(int number) const { process_.signal_group(number); }
  Ended wait();

 private:
  TempFolder said_;
  Process process_;
  pid_t pid_;
};

// Starts the program and waits for its end.
[[nodiscard]] Ended regard(const std::filesystem::path& folder, const std::vector<std::string>& words,
                           bool gnuplot = false);

// Runs a shell script in `folder`, where $REGARD is the program. The program finds no gnuplot; the script itself
// has the system's path.
[[nodiscard]] Ended shell(const std::filesystem::path& folder, const std::string& script);

// Returns the children of `parent` (its workers), from /proc.
[[nodiscard]] std::vector<pid_t> children_of(pid_t parent);

// Waits until `happened` returns true. Returns false if the program has ended, or after a minute.
template <class Happened>
[[nodiscard]] bool wait_until(const Program& program, const Happened& happened) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (program.running() && std::chrono::steady_clock::now() < end) {
    if (happened()) return true;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return false;
}

// Returns a plan that takes seconds, over 40 short sentences: by default two systems, two seeds, two epochs.
[[nodiscard]] std::string tiny_plan(const std::string& systems =
                                        "{vanilla: {model.attention: none}, general: "
                                        "{model.attention: general}}",
                                    const std::string& seeds = "[1, 2]", const std::string& epochs = "2",
                                    const std::string& beam = "2");

}  // namespace regard::test
