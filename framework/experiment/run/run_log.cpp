#include "framework/experiment/run/run_log.h"

#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>
#include <string>

namespace regard::experiment {

void RunLog::line(std::string_view text) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  std::string whole = fmt::format("{:%Y-%m-%d %H:%M:%S} {}", local, text);
  std::replace(whole.begin(), whole.end(), '\n', ' ');
  log_.append(whole);
}

}  // namespace regard::experiment
