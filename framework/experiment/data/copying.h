#pragma once
// Prepares the text of a plan for an attention that copies words of the source (data/copies.h).
#include "framework/experiment/data/corpora.h"

namespace regard::experiment {

// Returns the same text, with copies if an attention of the plan copies words. Then it reads the training text again,
// because the prepared files do not contain the unknown words. ConfigError for a tokeniser that samples one of several
// encodings of a sentence.
[[nodiscard]] Corpora with_copies(const Plan& plan, const data::Pairs& train, Corpora corpora);

}  // namespace regard::experiment
