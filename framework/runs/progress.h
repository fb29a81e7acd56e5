#pragma once
// How far a plan is: what its runner knows while it works, and what `regard status` finds in the folder.
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/folder_lock.h"
#include "framework/runs/run_folder.h"

namespace regard::runs {

enum class ProgressState : std::uint8_t { waiting, running, stopped, finished, failed };

// What they are called in progress.json and on the terminal, in the order of the enum.
inline constexpr std::array<const char*, 5> kProgressStates{"waiting", "running", "stopped", "finished", "failed"};

struct RunProgress {
  std::string system;
  Index seed = 0;
  ProgressState state = ProgressState::waiting;
  std::string stage;  // of a running one: "training", "decoding test"
  Index epoch = 0;
  Index epochs = 0;  // 0: unknown
  Index update = 0;
  Index updates = 0;  // of the whole training, unless it ends early; 0: unknown
  double loss = std::numeric_limits<double>::quiet_NaN();  // nats a word of training; not a number: none yet
  double bleu = std::numeric_limits<double>::quiet_NaN();  // of the last validation; not a number: none yet
  double tokens_per_second = 0;
  double seconds = 0;       // in this process; of a finished run those of its training
  double seconds_left = 0;  // of training
  std::string reason;       // of a failure
};

// progress.json, which a runner writes about once a second.
struct PlanProgress {
  std::string plan;
  Index jobs = 0;
  double seconds = 0;  // since the runner began
  std::vector<RunProgress> runs;
  std::optional<Holder> holder = {};  // the process that works on it now; not in the file
};

[[nodiscard]] std::string to_json(const PlanProgress& progress);

// Returns the estimated time left, from the times of its runs; nothing before the first run starts.
[[nodiscard]] std::optional<double> seconds_left(const PlanProgress& progress);

// Reads the progress of a folder: progress.json while a process works on it, else the runs' files. FolderError as
// plan_facts().
[[nodiscard]] PlanProgress progress_of(const Path& folder);

}  // namespace regard::runs
