#pragma once
// Compares a run folder with the current plan: which stages are done, which must be redone, and what must not be
// discarded without being asked.
#include "framework/experiment/plan/input_files.h"
#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

enum class ResumeState : std::uint8_t {
  finished,      // all of it
  missing,       // nothing, or a part that goes on
  tests_differ,  // other test sets: what is there of those that stay is kept
  stale,         // trained on, or decoded otherwise or from other text: what was decoded is to be made again
  discarded,     // trained otherwise, or failed, and --retrain: from the start
};

// The first key in which a run's run.yaml and the plan differ, and both values, as the end of a sentence: "has
// model.precision "float32", and the plan says "bfloat16""; "" where they agree. Files outside are not looked at.
[[nodiscard]] std::string difference_from(const Plan& plan, const System& system, Index seed,
                                          const runs::RunPaths& paths);

// What the files hold that runs begin from is asked of `hashes`. Changes nothing. FolderError for a finished or
// begun training that the plan would discard, and for a folder of another version, unless `retrain`.
[[nodiscard]] ResumeState resume_state_of(const Plan& plan, const System& system, Index seed,
                                          const runs::RunFolder& folder, bool retrain, ContentHashes& hashes);

// Removes files that the run must not find when it starts. If it is killed in between, the next attempt gives the
// same result.
void clear(const runs::RunPaths& paths, ResumeState stand);

// Returns whether status.json says that the run is finished.
[[nodiscard]] bool is_finished(const runs::RunPaths& paths);

// Returns everything that determines a run's results, as a tree: the folder's format, data, model, training,
// decoding, what is kept for the report, seed, with all defaults, and the hashes of its plug-ins and input files.
// It is written to run.yaml. For a missing file it has the hash of run.yaml in `paths`, because a resumed training
// does not need the file.
[[nodiscard]] config::Node identity_of(const Plan& plan, const System& system, Index seed,
                                       const runs::RunPaths& paths, ContentHashes& hashes);

// Returns whether the run's training has a checkpoint to resume from.
[[nodiscard]] bool is_begun(const runs::RunPaths& paths);

}  // namespace regard::experiment
