#pragma once
// A run in a process of its own, and what it tells its parent: one JSON object a line on standard output.
#include <optional>
#include <string>
#include <string_view>

#include "framework/experiment/run/run.h"

namespace regard::experiment {

// What a worker is asked to do: a run of the resolved plan that stands in the folder.
struct WorkerTask {
  std::string folder;
  std::string system;
  Index seed = 0;
  bool cost_estimate = false;  // says what the system would cost instead of running it
};

// Does the run, writing events to standard output. SIGINT or SIGTERM: the step is finished, a checkpoint written,
// 130 returned; a second one ends at once. Ends with its parent. Returns the exit code. An error is the last
// event, so that the parent can say it in one place.
int work(const WorkerTask& task);

// The environment variable with the process id of the runner that starts a worker.
inline constexpr const char* kParentVariable = "REGARD_PARENT";

// Exit code of a run that was told to stop.
inline constexpr int kInterrupted = 130;

[[nodiscard]] std::string to_line(const RunEvent& event);
// The event of a line; nothing for a line that is none.
[[nodiscard]] std::optional<RunEvent> from_line(std::string_view line);

// Handles SIGINT and SIGTERM from now on: the first is remembered, after it the system's own handling is back.
void watch_for_stop();
[[nodiscard]] bool stop_requested() noexcept;

}  // namespace regard::experiment
