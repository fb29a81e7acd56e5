#include "tests/cli/program.h"

#include <fmt/format.h>
#include <signal.h>

#include <fstream>

#include "framework/base/files.h"

namespace regard::test {
namespace {

std::vector<std::string> command(const std::string& program, const std::vector<std::string>& words) {
  std::vector<std::string> all{program};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

// All that a program gets of an environment.
std::vector<std::string> variables(bool gnuplot) {
  static const TempFolder cache;  // of all programs that these tests start
  return {"LC_ALL=C.UTF-8", "OMP_WAIT_POLICY=passive", "XDG_CACHE_HOME=" + cache.path().string(),
          gnuplot ? "PATH=/usr/sbin:/usr/bin:/sbin:/bin" : "PATH=/nonexistent",
          "REGARD=env PATH=/nonexistent " REGARD_PROGRAM};
}

}  // namespace

Program::Program(const std::filesystem::path& folder, const std::vector<std::string>& words, bool gnuplot,
                 const std::string& program)
    : process_(command(program, words), variables(gnuplot),
               {.folder = folder, .output = said_ / "out", .errors = said_ / "err", .inherit_environment = false}),
      pid_(process_.pid()) {}

Program::~Program() { signal_group(SIGKILL); }

Ended Program::wait() {
  process_.wait();
  const bool exited = process_.killed_by() == 0;
  return {exited ? process_.exit_code() : -1, process_.killed_by(), process_.processor_seconds(),
          read_file(said_ / "out"), read_file(said_ / "err")};
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
