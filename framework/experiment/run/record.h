#pragma once
// The record of a run (run.yaml): everything that determines its results, as a tree. Two records are compared by the
// part that each stage reads.
#include <string>

#include "framework/experiment/plan/input_files.h"
#include "framework/experiment/plan/plan.h"

namespace regard::experiment {

// Returns the record of a run: the folder's format, data, model, training, decoding, what is kept for the report,
// seed, with all defaults, and the hashes of its plug-ins and input files. A file that is gone has the hash of
// `before`.
[[nodiscard]] config::Node record_of(const Plan& plan, const System& system, Index seed,
                                     const config::Node* before, ContentHashes& hashes);

// Reads run.yaml by today's rows. A key that an older regard did not have gets its default.
[[nodiscard]] config::Node read_record(const std::string& text, const std::string& path);

// Gives `before` the hashes of `now` that it lacks: an older folder does not say what those files held, and another
// file is another value of its key. Whether there were such.
bool fill_hashes(config::Node& before, const config::Node& now);

// The dotted key of the first value in which two trees differ; empty where they agree.
[[nodiscard]] std::string first_difference(const config::Node& a, const config::Node& b,
                                           const std::string& path = "");

// The first length that `now` has less of. A shorter training is no part of a longer one: the best checkpoint may
// lie behind its end.
[[nodiscard]] std::string first_shortened(const config::Node& before, const config::Node& now);

// The record without the names of the files whose hash `other` knows as well: what they hold is compared, and where
// they are and what they are called determines nothing.
[[nodiscard]] config::Node without_names(config::Node record, const config::Node& other);

// What determines a training: without its length, the test sets, what the report keeps, and of the decoding with
// nothing but what validation reads.
[[nodiscard]] config::Node training_of(const config::Node& record);

// The record without what says which test sets there are.
[[nodiscard]] config::Node without_tests(config::Node record);

// Whether each test set that both have holds the same: text, alignment and tokenised form, wherever its files are.
[[nodiscard]] bool tests_hold_the_same(const config::Node& before, const config::Node& now);

}  // namespace regard::experiment
