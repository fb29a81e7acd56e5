#pragma once
// The tokenisers of sacreBLEU that need no model. Each turns a line into tokens, exactly as sacreBLEU 2.6.0 does.
//
//   none   splits on white space
//   a13    "13a", mteval-v13a.pl: separates ASCII punctuation, except periods and commas inside numbers
//   intl   mteval-v14.pl --international-tokenization: separates all punctuation and symbols of Unicode
//   chars  "char": each character except white space
#include <string>
#include <string_view>
#include <vector>

namespace regard::evaluation {

enum class Tokenizer { none, a13, intl, chars };

// Returns the name in a signature and on the command line: none, 13a, intl, char.
[[nodiscard]] std::string_view name_of(Tokenizer tokenizer) noexcept;
// Returns the tokeniser with this name. ConfigError if it is unknown.
[[nodiscard]] Tokenizer tokenizer_named(std::string_view name);

// The tokens of one line. Their views point into `text`; they stay valid when a Tokens is moved.
struct Tokens {
  std::string text;
  std::vector<std::pair<std::size_t, std::size_t>> spans;  // start and length in text

  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    return std::string_view(text).substr(spans[i].first, spans[i].second);
  }
  [[nodiscard]] std::size_t size() const noexcept { return spans.size(); }
};

// Tokenises a line without the white space at its end; lower-cases it first if `lowercase`.
[[nodiscard]] Tokens tokenize(std::string_view line, Tokenizer tokenizer, bool lowercase);

namespace detail {
[[nodiscard]] std::string spaced_13a(std::string_view line);  // the line with spaces between tokens
[[nodiscard]] std::string spaced_intl(std::string_view line);
}  // namespace detail

}  // namespace regard::evaluation
