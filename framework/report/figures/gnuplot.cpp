#include "framework/report/figures/gnuplot.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "framework/base/environment.h"
#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/process.h"

namespace regard::report {
namespace {

constexpr std::chrono::seconds kLimit{60};

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
  const std::vector<std::string> environment{fmt::format("PATH={}", search.empty() ? "/usr/bin:/bin" : search),
                                             "LC_ALL=C.UTF-8", "TZ=UTC", "HOME=/nonexistent"};
  const Path errors = folder / "gnuplot.stderr";
  try {
    Process process({program, "--default-settings", script}, environment,
                    {.folder = folder,
                     .output = "/dev/null",
                     .errors = errors,
                     .search_path = true,
                     .inherit_environment = false});
    if (!process.wait_for(kLimit)) return fmt::format("{} took longer than {} seconds", program, kLimit.count());
    if (process.killed_by() == 0 && process.exit_code() == 0) return std::nullopt;
    if (process.killed_by() == 0 && process.exit_code() == 127)
      return fmt::format("{} cannot be started: no such file or folder", program);
  } catch (const InternalError& error) {
    return error.what();
  }
  return fmt::format("{} failed: {}", program, first_line(errors));
}

}  // namespace regard::report
