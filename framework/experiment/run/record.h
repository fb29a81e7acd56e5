#pragma once
// The record of a run (run.yaml): everything that determines its results, as a tree. Two records are compared by the
// part that each stage reads.
#include <string>

#include "framework/experiment/plan/input_files.h"
#include "framework/experiment/plan/plan.h"

namespace regard::experiment {

// Returns the record of a run: the folder's format, data, model, training, decoding, what is kept for the report,
// seed, with all defaults, and the hashes of its plug-ins and input files. A missing file has the hash in `before`.
[[nodiscard]] config::Node record_of(const Plan& plan, const System& system, Index seed,
                                     const config::Node* before, ContentHashes& hashes);

// Reads run.yaml with the current rows. A key that is missing, because an older version did not have it, gets its
// default.
[[nodiscard]] config::Node read_record(const std::string& text, const std::string& path);

// Adds to `before` the hashes of `now` that are missing in it, because a folder of an older version has no hashes; a
// different path is found as a different value of its key. Returns whether it added any.
bool fill_hashes(config::Node& before, const config::Node& now);

// Returns the dotted key of the first value in which two trees differ; empty if they are equal.
[[nodiscard]] std::string first_difference(const config::Node& a, const config::Node& b,
                                           const std::string& path = "");

// Returns the first length that is shorter in `now`. A longer training cannot be used as the shorter one, because its
// best checkpoint may come after the shorter one's end.
[[nodiscard]] std::string first_shortened(const config::Node& before, const config::Node& now);

// Returns the record without the names of the files whose hash `other` has as well. Files are compared by their
// contents, not by their names.
[[nodiscard]] config::Node without_names(config::Node record, const config::Node& other);

// Returns the part of the record that determines a training: without its length, the test sets and the report's
// options; of the decoding options only those that validation uses.
[[nodiscard]] config::Node training_of(const config::Node& record);

// Returns the record without the keys that name the test sets.
[[nodiscard]] config::Node without_tests(config::Node record);

// Returns whether every test set that both have has the same text, alignment and tokenised form. The paths of the
// files may differ.
[[nodiscard]] bool tests_hold_the_same(const config::Node& before, const config::Node& now);

}  // namespace regard::experiment
