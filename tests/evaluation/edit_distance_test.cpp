#include "framework/evaluation/edit_distance.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "framework/base/random.h"
#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

WordIds words(std::string_view letters) { return {letters.begin(), letters.end()}; }

Index distance(const WordIds& hypothesis, const WordIds& reference) {
  return BandedEditDistance(static_cast<Index>(hypothesis.size()), reference).set(hypothesis);
}

// Levenshtein's distance by its definition.
Index plain(const WordIds& a, const WordIds& b) {
  std::vector<Index> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<Index>(j);
  for (const std::uint32_t word : a) {
    Index diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const Index changed = diagonal + (word == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

WordIds drawn(const Key& key, Index longest) {
  WordIds all;
  const Index length = key.below(longest + 1, 0);
  for (Index i = 0; i < length; ++i) all.push_back(static_cast<std::uint32_t>(key.below(4, i + 1)));
  return all;
}

using Indices = std::vector<Index>;
using Flags = std::vector<char>;

BandedEditDistance::Alignment aligned(std::string_view hypothesis, std::string_view reference) {
  const WordIds expected = words(reference);
  BandedEditDistance edits(static_cast<Index>(hypothesis.size()), expected);
  edits.set(words(hypothesis));
  return edits.alignment();
}

}  // namespace

TEST_CASE("edit_distance: insertions removals and substitutions cost one each") {
  CHECK(distance(words("kitten"), words("sitting")) == 3);
  CHECK(distance(words("abc"), words("abc")) == 0);
  CHECK(distance(words("abc"), words("ac")) == 1);
  CHECK(distance(words("ac"), words("abc")) == 1);
  CHECK(distance(words(""), words("abc")) == 3);
  CHECK(distance(words("abc"), words("")) == 3);
  CHECK(distance(words(""), words("")) == 0);
}

TEST_CASE("edit_distance: within the band it is Levenshtein's") {
  for (Index i = 0; i < 300; ++i) {
    const WordIds a = drawn(Key(1, "a").with(i), 12), b = drawn(Key(2, "b").with(i), 12);
    INFO("case " << i);
    CHECK(distance(a, b) == plain(a, b));
  }
}

TEST_CASE("edit_distance: words more than a band away from the diagonal are not found") {
  WordIds reference, hypothesis;
  for (std::uint32_t i = 0; i < 100; ++i) reference.push_back(i);
  hypothesis = reference;
  std::rotate(hypothesis.begin(), hypothesis.begin() + 24, hypothesis.end());
  CHECK(distance(hypothesis, reference) == 48);
  std::rotate(hypothesis.begin(), hypothesis.begin() + 2, hypothesis.end());  // by 26
  CHECK(plain(hypothesis, reference) == 52);
  CHECK(distance(hypothesis, reference) > 52);
}

TEST_CASE("edit_distance: lengths that differ much meet all the same") {
  const WordIds one{7}, hundred(200, 7);
  CHECK(distance(one, hundred) == 199);
  CHECK(distance(hundred, one) == 199);
}

TEST_CASE("edit_distance: a changed hypothesis is scored from its first changed word") {
  const WordIds reference = words("abcdefgh");
  BandedEditDistance edits(8, reference);
  CHECK(edits.set(words("abcdxxgh")) == 2);
  CHECK(edits.distance(words("abcdefgh"), 4) == 0);
  CHECK(edits.distance(words("xbcdxxgh"), 0) == 3);
  CHECK(edits.distance(words("abcdxxxx"), 6) == 4);
  CHECK(edits.distance(words("abcdxxgh"), 8) == 2);
  // The current one is still that which was set.
  CHECK(edits.alignment().reference_wrong == Flags{0, 0, 0, 0, 1, 1, 0, 0});
  CHECK(edits.set(words("abcdefgh")) == 0);
  CHECK(edits.distance(words("abcdefgx"), 7) == 1);
}

TEST_CASE("edit_distance: the alignment says where each word of the reference is") {
  auto a = aligned("ac", "abc");
  CHECK(a.at == Indices{0, 0, 1});  // b is inserted behind a
  CHECK(a.reference_wrong == Flags{0, 1, 0});
  CHECK(a.hypothesis_wrong == Flags{0, 0});
  a = aligned("axc", "ac");
  CHECK(a.at == Indices{0, 2});
  CHECK(a.reference_wrong == Flags{0, 0});
  CHECK(a.hypothesis_wrong == Flags{0, 1, 0});
  a = aligned("axc", "abc");
  CHECK(a.at == Indices{0, 1, 2});
  CHECK(a.reference_wrong == Flags{0, 1, 0});
  CHECK(a.hypothesis_wrong == Flags{0, 1, 0});
  a = aligned("", "ab");
  CHECK(a.at == Indices{-1, -1});
  CHECK(a.reference_wrong == Flags{1, 1});
  CHECK(a.hypothesis_wrong.empty());
}

TEST_CASE("edit_distance: between equal costs a substitution is taken first") {
  const auto a = aligned("ab", "bc");
  CHECK(a.at == Indices{0, 1});
  CHECK(a.reference_wrong == Flags{1, 1});
  CHECK(a.hypothesis_wrong == Flags{1, 1});
}

}  // namespace regard::evaluation
