#pragma once
// Which word of a line a token belongs to, from the text alone, for any tokeniser that cuts words into pieces.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::evaluation {

// For each token the word of `line` (separated by white space, from 0) in which it begins. The marks "▁"
// (SentencePiece's space) are no part of the text. Nothing where that cannot be told: where the tokens spell
// another text than the line, unless they are as many as the words, or as many begin with "▁".
[[nodiscard]] std::optional<std::vector<Index>> words_of_tokens(std::string_view line,
                                                                std::span<const std::string> tokens);

}  // namespace regard::evaluation
