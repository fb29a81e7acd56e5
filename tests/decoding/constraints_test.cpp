#include "framework/decoding/constraints.h"

#include <algorithm>
#include <set>

#include "framework/base/random.h"
#include "framework/data/vocabulary.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

using decoding::Constraints;
using Words = std::vector<Index>;

std::set<Index> forbidden(const decoding::SearchOptions& options, const Words& words) {
  Words list{99};  // earlier content is removed
  Constraints(options).forbid(words, list);
  return {list.begin(), list.end()};
}

bool repeats(const Words& words, std::size_t n) {
  std::set<Words> seen;
  for (std::size_t i = 0; i + n <= words.size(); ++i) {
    if (!seen.insert(Words(words.begin() + static_cast<Index>(i), words.begin() + static_cast<Index>(i + n)))
             .second)
      return true;
  }
  return false;
}

}  // namespace

TEST_CASE("constraints: there are none by default") {
  CHECK_FALSE(Constraints({}).any());
  CHECK(forbidden({}, {4, 4, 4}).empty());
}

TEST_CASE("constraints: the end is forbidden before the minimum length") {
  CHECK(Constraints({.min_length = 2}).any());
  CHECK(forbidden({.min_length = 2}, {}) == std::set<Index>{data::kEos});
  CHECK(forbidden({.min_length = 2}, {4}) == std::set<Index>{data::kEos});
  CHECK(forbidden({.min_length = 2}, {4, 5}).empty());
}

TEST_CASE("constraints: known rows of words have the known forbidden words") {
  CHECK(forbidden({.block_ngrams = 1}, {4, 5, 4}) == std::set<Index>{4, 5});
  CHECK(forbidden({.block_ngrams = 2}, {4, 5, 4}) == std::set<Index>{5});
  CHECK(forbidden({.block_ngrams = 2}, {4, 5, 4, 6, 4}) == std::set<Index>{5, 6});
  CHECK(forbidden({.block_ngrams = 3}, {4, 5, 6, 4, 5}) == std::set<Index>{6});
  CHECK(forbidden({.block_ngrams = 2}, {4, 4}) == std::set<Index>{4});
  CHECK(forbidden({.block_ngrams = 3}, {4, 4}).empty());
  CHECK(forbidden({.block_ngrams = 5}, {}).empty());
}

TEST_CASE("constraints: exactly the words that would repeat n words are forbidden") {
  for (Index trial = 0; trial < 200; ++trial) {
    const Key key = Key(3, "rows").with(trial);
    const Index n = 1 + key.below(4, 0);
    Words words;
    for (Index i = 0; i < 9; ++i) {
      // Grown as in search, without forbidden words.
      const auto never = forbidden({.block_ngrams = n}, words);
      for (Index word = 4; word < 8; ++word) {
        Words next = words;
        next.push_back(word);
        CHECK(never.contains(word) == repeats(next, static_cast<std::size_t>(n)));
      }
      const Index word = 4 + key.below(4, i + 1);
      if (!never.contains(word)) words.push_back(word);
    }
  }
}

}  // namespace regard::testing
