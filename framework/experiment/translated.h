#pragma once
// A model's translations as tokens and as text.
#include <string>
#include <vector>

#include "framework/data/prepare.h"
#include "framework/decoding/search.h"

namespace regard::experiment {

[[nodiscard]] std::vector<std::string> tokens_of(const data::Vocabulary& target,
                                                 const decoding::Translation& translation);

// Detokenised, in the form of the corpus's target lines.
[[nodiscard]] std::vector<std::string> lines_of(const data::Prepared& prepared,
                                                const std::vector<decoding::Translation>& translations);

}  // namespace regard::experiment
