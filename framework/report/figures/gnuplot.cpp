#include "framework/report/figures/gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "framework/base/environment.h"
#include "framework/base/files.h"

namespace regard::report {
namespace {

constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kStep{2};

// What the child does before it runs; frees itself.
class Actions {
 public:
  Actions() { ::posix_spawn_file_actions_init(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }
  [[nodiscard]] posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// The exit status, or nothing where patience ran out and the child was ended.
std::optional<int> wait_for(pid_t child) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  for (;;) {
    const pid_t got = ::waitpid(child, &status, WNOHANG);
    if (got == child) return status;
    if (got < 0 && errno != EINTR) return 0;
    if (std::chrono::steady_clock::now() > until) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return std::nullopt;
    }
    std::this_thread::sleep_for(kStep);
  }
}

std::string first_line(const Path& file) {
  std::string text = read_file(file);
  text.erase(0, std::min(text.find_first_not_of(" \n"), text.size()));
  text = text.substr(0, text.find('\n')).substr(0, 200);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

}  // namespace

std::optional<std::string> run_gnuplot(const std::string& program, const Path& folder, const std::string& script) {
  const std::string search = regard::environment("PATH");
  std::array<std::string, 4> environment{fmt::format("PATH={}", search.empty() ? "/usr/bin:/bin" : search),
                                         "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=/nonexistent"};
  std::array<std::string, 3> arguments{program, "--default-settings", script};
  std::array<char*, 5> environment_pointers{environment[0].data(), environment[1].data(), environment[2].data(),
                                            environment[3].data(), nullptr};
  std::array<char*, 4> argument_pointers{arguments[0].data(), arguments[1].data(), arguments[2].data(), nullptr};
  const Path errors = folder / "gnuplot.stderr";
  Actions actions;
  ::posix_spawn_file_actions_addopen(actions.get(), STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(actions.get(), STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(actions.get(), STDERR_FILENO, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0666);
  ::posix_spawn_file_actions_addchdir_np(actions.get(), folder.c_str());
  pid_t child = 0;
  const int failed = ::posix_spawnp(&child, program.c_str(), actions.get(), nullptr, argument_pointers.data(),
                                    environment_pointers.data());
  if (failed != 0) return fmt::format("{} could not be started: {}", program, cause_of(failed));
  const std::optional<int> status = wait_for(child);
  if (!status) return fmt::format("{} took longer than {} seconds", program, kPatience.count());
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return std::nullopt;
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 127) return fmt::format("{} could not be started", program);
  return fmt::format("{} failed: {}", program, first_line(errors));
}

}  // namespace regard::report
