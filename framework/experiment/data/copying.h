#pragma once
// What the text of a plan needs if an attention copies words of the source (data/copies.h).
#include "framework/experiment/data/corpora.h"

namespace regard::experiment {

// Returns the same text; if an attention of the plan copies words, with copies, for which the training text is read
// again: the prepared files do not say which words are unknown. ConfigError for a tokeniser that draws among several
// encodings of a sentence.
[[nodiscard]] Corpora with_copies(const Plan& plan, const data::Pairs& train, Corpora corpora);

}  // namespace regard::experiment
