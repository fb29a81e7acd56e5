#include "tools/regard/commands/progress_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/base/utf8.h"

namespace regard::cli {
namespace {

using runs::PlanProgress;
using runs::ProgressState;
using runs::RunProgress;

std::string bar(double share) {
  constexpr int kWidth = 16;
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * kWidth);
  std::string text;
  for (int i = 0; i < kWidth; ++i) text += i < full ? "█" : "·";
  return text;
}

std::string number(double value, int digits) {
  return std::isnan(value) ? std::string("none yet") : fmt::format("{:.{}f}", value, digits);
}

std::string line_of(const RunProgress& run, std::size_t width) {
  const std::string name = fmt::format("{:<{}} ", fmt::format("{} seed {}", run.system, run.seed), width);
  if (run.state == ProgressState::waiting) return name + bar(0) + " waiting";
  if (run.state == ProgressState::failed) return fmt::format("{}FAILED: {}", name, run.reason);
  if (run.state == ProgressState::finished) {
    return name + bar(1) +
           (run.seconds > 0 ? fmt::format(" done, BLEU {}, {}", number(run.bleu, 1), duration(run.seconds))
                            : std::string(" done"));
  }
  const double share = run.updates > 0 ? static_cast<double>(run.update) / static_cast<double>(run.updates) : 0;
  const std::string epoch =
      run.epochs > 0 ? fmt::format("{}/{}", run.epoch, run.epochs) : fmt::format("{}", run.epoch);
  std::string text = fmt::format("{}{} {:3.0f} %  epoch {}  loss {}  BLEU {}", name, bar(share), 100 * share,
                                 epoch, number(run.loss, 2), number(run.bleu, 1));
  if (run.state == ProgressState::stopped) return text + "  stopped";
  if (run.stage != "training") return text + "  " + run.stage;
  text += fmt::format("  {:.0f} tok/s", run.tokens_per_second);
  return run.seconds_left > 0 ? text + fmt::format("  {} left", duration(run.seconds_left)) : text;
}

std::string cut(const std::string& text, std::size_t columns) {
  if (utf8::length(text) <= static_cast<Index>(columns)) return text;
  std::size_t end = 0;
  for (std::size_t shown = 0; shown + 1 < columns; ++shown) static_cast<void>(utf8::decode(text, end));
  return text.substr(0, end) + "…";
}

std::string whole(const PlanProgress& progress) {
  const auto count = [&](ProgressState state) {
    return std::count_if(progress.runs.begin(), progress.runs.end(),
                         [&](const RunProgress& run) { return run.state == state; });
  };
  std::string text =
      fmt::format("{}: {} of {} runs done", progress.plan, count(ProgressState::finished), progress.runs.size());
  using enum ProgressState;
  for (const ProgressState state : {failed, running, stopped, waiting}) {
    const auto of = count(state);
    if (of > 0) text += fmt::format(", {} {}", of, runs::kProgressStates[static_cast<std::size_t>(state)]);
  }
  if (progress.seconds > 0) text += "; " + duration(progress.seconds) + " so far";
  const auto left = runs::seconds_left(progress);
  if (left && *left > 0 && progress.jobs > 0) text += ", about " + duration(*left) + " left";
  return text;
}

}  // namespace

std::string duration(double seconds) {
  const auto whole = static_cast<long>(std::lround(std::max(0.0, seconds)));
  if (whole < 100) return fmt::format("{} s", whole);
  if (whole < 100 * 60) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

std::vector<std::string> progress_view(const PlanProgress& progress, std::size_t columns, std::size_t rows) {
  std::size_t width = 0;
  for (const RunProgress& run : progress.runs) {
    width = std::max(width, fmt::format("{} seed {}", run.system, run.seed).size());
  }
  const bool all = progress.runs.size() + 1 <= rows;
  std::vector<std::string> lines;
  for (const RunProgress& run : progress.runs) {
    const bool quiet = run.state == ProgressState::waiting || run.state == ProgressState::finished;
    if ((all || !quiet) && lines.size() + 1 < rows) lines.push_back(cut(line_of(run, width), columns));
  }
  lines.push_back(cut(whole(progress), columns));
  return lines;
}

}  // namespace regard::cli
