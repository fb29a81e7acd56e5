#pragma once
// The text of the fixture: a toy grammar in which adjectives and nouns change places.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "framework/base/base.h"

namespace regard::fixture {

// Numerical Recipes' linear congruential generator: the same numbers everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 2654435761U + 12345) { next(); }
  std::uint64_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return state_ >> 33U;
  }
  double uniform() { return static_cast<double>(next()) / 2147483648.0; }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next()) % n; }

 private:
  std::uint64_t state_;
};

using Words = std::vector<std::string>;
using Links = std::vector<std::pair<Index, Index>>;

struct Pair {
  Words source;
  Words target;
  Links links;
};

// The words of both languages; `between` is the text between the words of plain text.
struct Lexicon {
  using Entries = std::vector<std::pair<std::string, std::string>>;
  std::string source_language = "en", target_language = "fr";
  std::string between_source = " ", between_target = " ";
  std::pair<std::string, std::string> the{"the", "le"}, also{"and", "et"}, end{".", "."};
  Entries nouns, colours, verbs;
};

// "latin": English to French; "rtl": Hebrew to Arabic; "unspaced": Chinese to Thai.
[[nodiscard]] const Lexicon& lexicon_of(const std::string& script);

[[nodiscard]] Pair sentence(const Lexicon& lexicon, Random& random, std::size_t clauses,
                            const std::string& hostile);

// Makes mistakes: replaces a word, swaps two, or cuts off the rest; more often later in the sentence.
[[nodiscard]] Words translated(const Lexicon& lexicon, const Pair& pair, double rate, Random& random);

[[nodiscard]] std::string joined(const Words& words, const std::string& between = " ");

}  // namespace regard::fixture
