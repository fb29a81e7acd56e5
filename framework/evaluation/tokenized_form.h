#pragma once
// A line of plain text in the form that corpora of older papers are given in: lower case, punctuation apart, and
// the characters that Moses's tokeniser writes as entities ("&quot;").
#include <string>
#include <string_view>

namespace regard::evaluation {

// The tokens of 13a in lower case, typographic quotation marks as '"', separated by one space. For captions as
// those of Multi30k it is what Moses's scripts make of 99 of 100 lines; abbreviations ("ca.") and apostrophes
// inside words differ.
[[nodiscard]] std::string tokenized_form(std::string_view line);

}  // namespace regard::evaluation
