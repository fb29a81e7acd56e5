#pragma once
// What stands of a run in its folder, against what the plan says now: which stages are done, which must be done
// again, and what must not be discarded unasked.
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

// Removes what a run that is to be done must not find. Killed in between, the same comes of the next attempt.
void clear(const runs::RunPaths& paths, ResumeState stand);

// Whether status.json says so.
[[nodiscard]] bool is_finished(const runs::RunPaths& paths);

// What a run is a run of, as a tree: the folder's format, data, model, training, decoding, what is kept for the
// report, seed, all defaults filled, and the hashes of the plug-ins that it uses something of and of the files
// that it begins from. It stands in the run's run.yaml. Of a file that is gone it has the hash that run.yaml in
// `paths` has: a training that goes on does not need it.
[[nodiscard]] config::Node identity_of(const Plan& plan, const System& system, Index seed,
                                       const runs::RunPaths& paths, ContentHashes& hashes);

// Whether the run's training has left something to go on from.
[[nodiscard]] bool is_begun(const runs::RunPaths& paths);

}  // namespace regard::experiment
