#pragma once
// The first stage: the text of a plan's `data:` section, prepared, and what stands of it under data/ in the run
// folder.
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

// DataError as data::load and data::prepare. What stands in `folder` is taken where it was made from this very
// text by these options: the training text as numbers, and tokenisers' models. Else it is made, in the folder if
// it exists and in memory otherwise.
[[nodiscard]] Corpora load_corpora(const Plan& plan, const runs::RunFolder& folder);

// The same for a run whose parent has loaded them just now: the training text is not read again.
[[nodiscard]] Corpora open_corpora(const Plan& plan, const runs::RunFolder& folder);

// Updates in an epoch of a system's training, by the order of `seed`.
[[nodiscard]] Index updates_of_epoch(const System& system, const Corpora& corpora, Index seed);

// Doubtful things about the text: test sentences that occur in training (how many, the first lines), a vocabulary
// of one word, a batch larger than the corpus, a patience longer than the training. One sentence each.
[[nodiscard]] std::vector<std::string> warnings(const Plan& plan, const Corpora& corpora);

// What of the text in data/ no run uses that is kept.
struct Replaced {
  bool training = false;  // training and validation text, vocabularies, tokenisers' models
  bool tests = false;     // test sets
};

// Writes data/. A folder whose data/data.json says something else is refused with a FolderError, unless it is
// `replaced`: its runs used other text. Where data.json is gone the manifests of the `finished` runs say what they
// used.
void write_data(const Plan& plan, const runs::RunFolder& folder, const Corpora& corpora,
                const std::vector<runs::RunPaths>& finished = {}, const Replaced& replaced = {});

// Those of data.json's hashes that are of files in data/; the others are of text that stands elsewhere.
[[nodiscard]] std::map<std::string, std::string> hashes_of_files(const runs::DataFacts& facts);

// Whether data.json is there and so is every file that it names.
[[nodiscard]] bool data_stands(const runs::RunFolder& folder);

}  // namespace regard::experiment
