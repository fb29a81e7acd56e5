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
  int code = 0;        // exit code; -1 where a signal ended it
  int signal = 0;      // the signal that ended it, 0 where it exited
  double seconds = 0;  // of processor time, its children's included
  std::string out = {};
  std::string err = {};
};

class Program final {
 public:
  // `regard WORDS...` in `folder`. `gnuplot`: with figures in the report, which take their time.
  Program(const std::filesystem::path& folder, const std::vector<std::string>& words, bool gnuplot = false,
          const std::string& program = REGARD_PROGRAM);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();  // kills all in its process group that still runs

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

// Starts it and waits.
[[nodiscard]] Ended regard(const std::filesystem::path& folder, const std::vector<std::string>& words,
                           bool gnuplot = false);

// A script of the shell in `folder`, where $REGARD is the program. It sees no gnuplot: its path is the system's
// only within the script.
[[nodiscard]] Ended shell(const std::filesystem::path& folder, const std::string& script);

// The processes whose parent is `parent` (its workers), from /proc.
[[nodiscard]] std::vector<pid_t> children_of(pid_t parent);

// Waits until `happened` or the program has ended; false for the latter, and after a minute.
template <class Happened>
[[nodiscard]] bool wait_until(const Program& program, const Happened& happened) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (program.running() && std::chrono::steady_clock::now() < end) {
    if (happened()) return true;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return false;
}

// A plan of seconds over 40 short sentences: two systems, two seeds, two epochs unless given.
[[nodiscard]] std::string tiny_plan(const std::string& systems =
                                        "{vanilla: {model.attention: none}, general: "
                                        "{model.attention: general}}",
                                    const std::string& seeds = "[1, 2]", const std::string& epochs = "2",
                                    const std::string& beam = "2");

}  // namespace regard::test
