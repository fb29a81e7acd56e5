#pragma once
// Does a run in its own process. Sends events to the parent process on standard output, one JSON object a line.
#include <optional>
#include <string>
#include <string_view>

#include "framework/experiment/run/run.h"

namespace regard::experiment {

// The request to a worker: a run of the folder's resolved plan.
struct WorkerTask {
  std::string folder;
  std::string system;
  Index seed = 0;
  bool cost_estimate = false;  // estimates the cost of the system instead of running it
};

// Does the run and writes events to standard output. On SIGINT or SIGTERM it finishes the step, writes a checkpoint and
// returns 130; a second signal ends it at once. It ends when its parent ends. Returns the exit code. An error is sent
// as the last event, so that the parent reports it.
int work(const WorkerTask& task);

// The environment variable with the process id of the runner that starts a worker.
inline constexpr const char* kParentVariable = "REGARD_PARENT";

// The exit code of a run that was asked to stop.
inline constexpr int kInterrupted = 130;

[[nodiscard]] std::string to_line(const RunEvent& event);
// Returns the event of a line; nothing if the line is not an event.
[[nodiscard]] std::optional<RunEvent> from_line(std::string_view line);

// Handles SIGINT and SIGTERM from now on: records the first one, then restores the default handling.
void watch_for_stop();
[[nodiscard]] bool stop_requested() noexcept;

}  // namespace regard::experiment
