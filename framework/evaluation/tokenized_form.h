#pragma once
// Converts plain text to the form of the corpora of older papers: lower case, separate punctuation, and entities for
// the characters that Moses's tokeniser escapes ("&quot;").
#include <string>
#include <string_view>

namespace regard::evaluation {

// Returns the tokens of 13a in lower case, separated by one space, with typographic quotation marks as '"'. For
// captions like those of Multi30k this equals the output of Moses's scripts in 99 of 100 lines; abbreviations ("ca.")
// and apostrophes inside words differ.
[[nodiscard]] std::string tokenized_form(std::string_view line);

}  // namespace regard::evaluation
