#pragma once
// data/ in the run folder: the test sets, vocabularies and tokenisers' models that the runs of a plan share, and
// data.json with facts and hashes of all text. The cache of prepared training text is prepared_files.h.
#include <map>
#include <string>
#include <vector>

#include "framework/experiment/data/corpora.h"
#include "framework/runs/results.h"

namespace regard::experiment {

// The parts of data/ that no kept run uses.
struct Replaced {
  bool training = false;  // training and validation text, vocabularies, tokenisers' models
  bool tests = false;     // test sets
};

// Writes data/. Throws FolderError, before it changes a file, if data.json has other hashes of a part that is not
// `replaced`: the folder's runs used other text. If data.json is missing, the manifests of the `finished` runs
// have its hash. Removes the files of test sets that the plan no longer has.
void write_data(const Plan& plan, const runs::RunFolder& folder, const Corpora& corpora,
                const std::vector<runs::RunPaths>& finished = {}, const Replaced& replaced = {});

// Returns the hashes of data.json for files in data/; the other hashes are of text outside of the folder.
[[nodiscard]] std::map<std::string, std::string> hashes_of_files(const runs::DataFacts& facts);

// Returns whether data.json and every file that it names exist.
[[nodiscard]] bool data_is_complete(const runs::RunFolder& folder);

}  // namespace regard::experiment
