#pragma once
// Finds the word of a line to which a token belongs, from the text only, for any tokeniser that splits words into
// pieces.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::evaluation {

// Returns, for each token, the word of `line` (separated by white space, from 0) in which it starts. The marks "▁"
// (SentencePiece's space) are not part of the text. If the tokens spell a text other than the line, counts are used: as
// many tokens as words, or as many tokens that start with "▁". Returns nothing if these counts differ too.
[[nodiscard]] std::optional<std::vector<Index>> words_of_tokens(std::string_view line,
                                                                std::span<const std::string> tokens);

}  // namespace regard::evaluation
