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

// Returns the text that `data:` describes. Uses the cache in `folder` (the training text as numbers, tokenisers'
// models) where it was made from the same text with the same options (cache_key.h). Otherwise prepares the text:
// in the folder if it exists, else in memory. Throws DataError as data::load and data::prepare.
[[nodiscard]] Corpora load_corpora(const Plan& plan, const runs::RunFolder& folder);

// The same for a run whose parent has just loaded them: does not read the training text again.
[[nodiscard]] Corpora open_corpora(const Plan& plan, const runs::RunFolder& folder);

}  // namespace regard::experiment
