#pragma once
// The content of SYSTEM/seed-N/interventions.json: losses and translations of a run with other attention weights in
// place of its own (`regard attend --intervene`). Made from a finished run, and outside its digest.
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "framework/runs/run_folder.h"

namespace regard::runs {

// The kinds of weights, in the order of the report. "own" are the run's own.
inline constexpr std::array kWeightKinds{"own", "even", "shuffled", "hardest", "shifted", "other", "gold"};

// What a run does with one kind of weights on one test set.
struct Intervened {
  std::vector<double> losses;           // [sentences] nats of the reference, </s> included
  std::vector<std::string> lines = {};  // [sentences] translations; empty for "own", which are in hyp/, and "gold"
};

struct Interventions {
  std::string checkpoint;                    // sha256 of checkpoints/best.safetensors
  std::string record;                        // sha256 of run.yaml
  std::map<std::string, std::string> texts;  // test -> sha256 of its tokens
  std::string other;                         // the system whose weights "other" are; "" if there is none
  std::string other_checkpoint;              // sha256
  std::string refused;                       // why the weights cannot be replaced; "" if they can
  std::map<std::string, std::map<std::string, Intervened>> tests;  // test -> kind
};

// Returns the hash of a test set's tokens of both sides, and of its gold alignment if there is one.
[[nodiscard]] std::string text_hash(const RunFolder& folder, const std::string& test);

// Returns a description of what a finished run is now, without results: what a record must equal to be current.
// FolderError if the run has no checkpoint or record.
[[nodiscard]] Interventions basis_of(const RunFolder& folder, const RunPaths& run,
                                     const std::vector<std::string>& tests);

// Reads the run's file and removes what is no longer current: everything if the checkpoint or the record is another
// one, a test set whose text is another one, "other" if the other system's checkpoint is another one. `sentences` has
// the number of sentences of each test set; FolderError "FILE: is damaged: …" for another number of losses or lines.
// Nothing if there is no file, or if nothing of it is current. `stale`, if not null, is set to whether something was
// removed.
[[nodiscard]] std::optional<Interventions> current_interventions(
    const RunFolder& folder, const RunPaths& run, Index seed, const std::map<std::string, std::size_t>& sentences,
    bool* stale = nullptr);

// Compares the file of a finished run with the run's other files. Returns "" if they agree or if there is no file, else
// what is wrong: it is stale, or the loss with the run's own weights is not that of scores.json.
[[nodiscard]] std::string disagreement_of_interventions(const RunFolder& folder, const RunPaths& run, Index seed);

}  // namespace regard::runs
