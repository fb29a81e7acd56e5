#include "tests/cli/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>

#include "framework/base/files.h"

namespace regard::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

Program::Program(const std::filesystem::path& folder, const std::vector<std::string>& words, bool gnuplot,
                 const std::string& program) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  const std::string out = said_ / "out";
  const std::string err = said_ / "err";
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> all{program};
  all.insert(all.end(), words.begin(), words.end());
  static const TempFolder cache;  // shared by all programs that these tests start
  std::vector<std::string> environment{"LC_ALL=C.UTF-8", "OMP_WAIT_POLICY=passive",
                                       "XDG_CACHE_HOME=" + cache.path().string(),
                                       gnuplot ? "PATH=/usr/sbin:/usr/bin:/sbin:/bin" : "PATH=/nonexistent",
                                       "REGARD=env PATH=/nonexistent " REGARD_PROGRAM};
  const int error = posix_spawn(&pid_, program.c_str(), &actions, &attributes, pointers(all).data(),
                                pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) throw std::runtime_error(fmt::format("{} cannot be started: {}", program, cause_of(error)));
}

Program::~Program() {
  if (ended_) return;
  signal_group(SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Program::note(int status, const rusage& used) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  end_.seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  ended_ = true;
  end_.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  end_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

bool Program::running() {
  int status = 0;
  rusage used{};
  if (!ended_ && wait4(pid_, &status, WNOHANG, &used) == pid_) note(status, used);
  return !ended_;
}

void Program::signal(int number) const {
  if (!ended_) kill(pid_, number);
}

void Program::signal_group(int number) const {
  if (!ended_) kill(-pid_, number);
}

Ended Program::wait() {
  int status = 0;
  while (!ended_) {
    rusage used{};
    if (wait4(pid_, &status, 0, &used) == pid_) {
      note(status, used);
    } else if (errno != EINTR) {
      throw std::runtime_error("wait4 failed");
    }
  }
  end_.out = read_file(said_ / "out");
  end_.err = read_file(said_ / "err");
  return end_;
}

Ended regard(const std::filesystem::path& folder, const std::vector<std::string>& words, bool gnuplot) {
  return Program(folder, words, gnuplot).wait();
}

Ended shell(const std::filesystem::path& folder, const std::string& script) {
  return Program(folder, {"-c", script}, true, "/bin/sh").wait();
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    // "pid (name) state parent …"; the process may have ended.
    std::ifstream file(entry.path() / "stat");
    std::string line;
    std::getline(file, line);
    const std::size_t end = line.rfind(')');
    if (end == std::string::npos || end + 4 >= line.size()) continue;
    if (std::stol(line.substr(end + 4)) == parent) children.push_back(static_cast<pid_t>(std::stol(name)));
  }
  return children;
}

std::string tiny_plan(const std::string& systems, const std::string& seeds, const std::string& epochs,
                      const std::string& beam) {
  return fmt::format(
      "name: tiny\n"
      "data:\n"
      "  corpus: {{type: reverse, train: 40, valid: 8, test: 8, test_long: 4, symbols: 9, min_length: 2, "
      "max_length: 5,\n"
      "           long_min_length: 6, long_max_length: 8}}\n"
      "model: {{embedding: 8, hidden: 8, dropout: {{embedding: 0.1}}}}\n"
      "systems: {}\n"
      "seeds: {}\n"
      "training: {{epochs: {}, batch: {{sentences: 8}}, learning_rate: 0.01}}\n"
      "decoding: {{beam: {}}}\n",
      systems, seeds, epochs, beam);
}

}  // namespace regard::test
