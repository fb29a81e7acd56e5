#pragma once
// claim.jsonl: the history of a plan with a claim. The first line is written before the first test set is decoded, and
// one line is added whenever the plan is changed. Each line contains the hash of the line before it and its own, so a
// line that is changed, removed or moved is noticed. A file that was written anew as a whole is not: for that, publish
// the hash of the claim when it is registered.
#include <map>
#include <string>
#include <vector>

#include "framework/config/tree.h"
#include "framework/runs/run_folder.h"

namespace regard::runs {

// One line of claim.jsonl.
struct Registration {
  std::string time;                      // ISO 8601 UTC
  std::string event;                     // "registered", "changed" or "withdrawn"
  std::string claim;                     // the claim with baseline, seeds and systems, on one line; "": none
  std::string claim_hash;                // sha256 of `claim`
  std::string plan_hash;                 // sha256 of plan.resolved.yaml
  std::vector<std::string> changes;      // "training.epochs: 3, now 5"
  std::map<std::string, Index> decoded;  // test set -> runs that had begun to translate it
  std::string previous;                  // the hash of the line before; "" in the first
  std::string hash;                      // sha256 of this line without its hash
};

// Appends a line if the plan makes or made a claim, and `resolved`, the plan that is to be run, is not that of the last
// line. Call it before plan.resolved.yaml is replaced and before anything is decoded. `time` is now.
void register_plan(const RunFolder& folder, const config::Node& resolved, const std::string& time);

// Returns the lines; empty without a file. FolderError for a line that cannot be read.
[[nodiscard]] std::vector<Registration> registrations(const RunFolder& folder);

// Returns a sentence, starting with the file, for each line that does not fit the one before it, its own hash, the
// plan or the runs.
[[nodiscard]] std::vector<std::string> check_registrations(const RunFolder& folder);

// Returns the current time in the form of Registration::time.
[[nodiscard]] std::string time_now();

}  // namespace regard::runs
