#pragma once
// The first stage: the text of a plan's `data:` section, prepared, and what stands of it under data/ in the run
// folder.
#include "framework/data/prepare.h"
#include "framework/experiment/plan.h"
#include "framework/experiment/results.h"

namespace regard::experiment {

struct Corpora {
  data::Splits splits;
  data::Prepared prepared;
};

// DataError as data::load and data::prepare. Tokenisers that learn take their models from `folder` where those
// were made from this very text by these options; else they learn anew.
[[nodiscard]] Corpora load_corpora(const Plan& plan, const RunFolder& folder);

// Doubtful things about the text: test sentences that occur in training (how many, the first lines), a vocabulary
// of one word, a batch larger than the corpus. One sentence each.
[[nodiscard]] std::vector<std::string> doubts(const Plan& plan, const Corpora& corpora);

// Writes data/. A folder whose data/data.json says something else is refused with a FolderError: its runs were
// trained on other text.
void write_data(const Plan& plan, const RunFolder& folder, const Corpora& corpora);

}  // namespace regard::experiment
