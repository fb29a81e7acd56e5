#pragma once
// Prepares the text of a plan's `data:` section, and reads and writes data/ in the run folder.
#include <map>
#include <string>
#include <vector>

#include "framework/data/prepare.h"
#include "framework/experiment/plan/plan.h"
#include "framework/runs/results.h"

namespace regard::experiment {

struct Corpora {
  data::Splits splits;  // without the training pairs, which stay in their files
  data::Prepared prepared;
};

// Reads and prepares the text. Uses the files in `folder` (token ids of the training text, tokenisers' models) if they
// were made from the same text with the same options. Otherwise makes them: in the folder if it exists, else in
// memory. Throws the DataErrors of data::open_text and data::prepare.
[[nodiscard]] Corpora load_corpora(const Plan& plan, const runs::RunFolder& folder);

// Does the same for a run whose parent process has just loaded the text: does not read the training text again.
[[nodiscard]] Corpora open_corpora(const Plan& plan, const runs::RunFolder& folder);

// Returns the number of updates in an epoch of a system's training, in the order of `seed`.
[[nodiscard]] Index updates_of_epoch(const System& system, const Corpora& corpora, Index seed);

// Returns warnings about the text, one sentence each: test sentences that occur in training (how many, the first
// lines), a vocabulary of one word, a batch larger than the corpus, a patience longer than the training.
[[nodiscard]] std::vector<std::string> warnings(const Plan& plan, const Corpora& corpora);

// The parts of data/ that no kept run uses, so that they may be replaced.
struct Replaced {
  bool training = false;  // training and validation text, vocabularies, tokenisers' models
  bool tests = false;     // test sets
};

// Writes data/. FolderError if the folder's runs used other text, according to data/data.json; parts in `replaced`
// may differ. If data.json is missing, the hash of it in the manifests of the `finished` runs is compared.
void write_data(const Plan& plan, const runs::RunFolder& folder, const Corpora& corpora,
                const std::vector<runs::RunPaths>& finished = {}, const Replaced& replaced = {});

// Returns the hashes in data.json of the files in data/. The other hashes are of text outside of the folder.
[[nodiscard]] std::map<std::string, std::string> hashes_of_files(const runs::DataFacts& facts);

// Returns whether data.json and every file that it names exist.
[[nodiscard]] bool data_stands(const runs::RunFolder& folder);

}  // namespace regard::experiment
