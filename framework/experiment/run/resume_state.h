#pragma once
// Compares a run folder with the current plan: which stages are done, which must be redone, and what may be discarded
// only with --retrain.
#include "framework/experiment/plan/input_files.h"
#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"

namespace regard::experiment {

enum class ResumeState : std::uint8_t {
  finished,      // every stage is done
  missing,       // nothing is done, or the run can continue
  tests_differ,  // the plan has other test sets: results of those that remain are kept
  stale,         // the training becomes longer, or decoding options or test text changed: decoded again
  discarded,     // with --retrain: other training options, or a failed run: trained again from the start
};

// Returns the first key in which a run's run.yaml and the plan differ, and both values, as the end of a sentence:
//   has model.precision "float32", but the plan has "bfloat16"
// Returns "" if they agree. Does not compare input files.
[[nodiscard]] std::string difference_from(const Plan& plan, const System& system, Index seed,
                                          const runs::RunPaths& paths);

// Compares the run with the plan; changes nothing. `hashes` gives the contents of input files. FolderError, unless
// `retrain`, if the plan would discard a finished or started training, and for a folder of another version.
[[nodiscard]] ResumeState resume_state_of(const Plan& plan, const System& system, Index seed,
                                          const runs::RunFolder& folder, bool retrain, ContentHashes& hashes);

// Removes the files that must not exist when the run starts. If it is killed midway, the next attempt gives the
// same result.
void clear(const runs::RunPaths& paths, ResumeState stand);

// Returns whether status.json says that the run is finished.
[[nodiscard]] bool is_finished(const runs::RunPaths& paths);

// Returns everything that determines a run's results, as a tree: the folder's format, data, model, training, decoding,
// attention kept for the report, seed, all with defaults, and the hashes of its plug-ins and input files. It is written
// to run.yaml. A missing input file has the hash in run.yaml of `paths`, because a resumed training does not need the
// file.
[[nodiscard]] config::Node identity_of(const Plan& plan, const System& system, Index seed,
                                       const runs::RunPaths& paths, ContentHashes& hashes);

// Returns whether the run's training has a checkpoint to resume from.
[[nodiscard]] bool is_begun(const runs::RunPaths& paths);

}  // namespace regard::experiment
