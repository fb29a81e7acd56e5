#pragma once
// The progress of a plan: the runner writes it while it works, and `regard status` reads it from the folder.
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "framework/base/folder_lock.h"
#include "framework/runs/run_folder.h"

namespace regard::runs {

enum class ProgressState : std::uint8_t { waiting, running, stopped, finished, failed };

// The names of the states in progress.json and on the terminal, in the order of the enum.
inline constexpr std::array<const char*, 5> kProgressStates{"waiting", "running", "stopped", "finished", "failed"};

struct RunProgress {
  std::string system;
  Index seed = 0;
  ProgressState state = ProgressState::waiting;
  std::string stage;  // of a running run: "training", "decoding test"
  Index epoch = 0;
  Index epochs = 0;  // 0: unknown
  Index update = 0;
  Index updates = 0;  // of the whole training, unless it ends early; 0: unknown
  double loss = std::numeric_limits<double>::quiet_NaN();  // nats per token of training; NaN: none yet
  double bleu = std::numeric_limits<double>::quiet_NaN();  // of the last validation; NaN: none yet
  double tokens_per_second = 0;
  double seconds = 0;       // in this process; of a finished run the seconds of its training
  double seconds_left = 0;  // of training
  std::string reason;       // of a failure
};

// progress.json, which a runner writes about once a second.
struct PlanProgress {
  std::string plan;
  Index jobs = 0;
  double seconds = 0;  // since the runner started
  std::vector<RunProgress> runs;
  std::optional<Holder> holder = {};  // the process that works in the folder now; not in the file
};

[[nodiscard]] std::string to_json(const PlanProgress& progress);

// Returns the estimated seconds left, from the times of the runs; nothing before the first run starts.
[[nodiscard]] std::optional<double> seconds_left(const PlanProgress& progress);

// Reads the progress of a folder: from progress.json while a process works in it, else from the runs' files. Throws the
// FolderErrors of plan_facts().
[[nodiscard]] PlanProgress progress_of(const Path& folder);

}  // namespace regard::runs
