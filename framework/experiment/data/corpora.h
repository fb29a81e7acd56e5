#pragma once
// The first stage of a run: a plan's text, split, tokenised and as numbers.
#include "framework/data/prepare.h"
#include "framework/experiment/plan/plan.h"
#include "framework/runs/run_folder.h"

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

}  // namespace regard::experiment
