#pragma once
// Splits a line into the tokens that are compared when differences are marked: words, the punctuation before and after
// them, and in scripts without spaces (Chinese, Japanese, Thai, …) single characters with their combining marks. An
// entity (&apos;) that a tokeniser left in the text is never split. The page's script uses the same rule and ranges.
#include <span>
#include <string>
#include <vector>

namespace regard::report {

struct Range {
  char32_t first = 0;
  char32_t last = 0;
};

[[nodiscard]] std::span<const Range> unspaced_scripts();  // characters that are separate tokens
[[nodiscard]] std::span<const Range> attached_marks();    // characters that belong to the previous one
[[nodiscard]] std::span<const Range> word_punctuation();  // characters that are separate tokens at a word's ends
[[nodiscard]] std::span<const Range> upright_scripts();   // characters that are written upright in vertical lines

struct DiffToken {
  std::string text;
  bool after_space = false;  // whether a space is before it; false for the first
};

[[nodiscard]] std::vector<DiffToken> diff_tokens_of(const std::string& line);

// Returns whether these lines are in a script without spaces: more than three tokens for each word. In such text, a
// tokeniser that splits at spaces treats whole sentences as words.
[[nodiscard]] bool writes_no_spaces(const std::vector<std::string>& lines);

// Returns whether a word is written upright, letter below letter, in vertical lines: in the head of a heat map.
[[nodiscard]] bool is_set_upright(const std::string& word);

}  // namespace regard::report
