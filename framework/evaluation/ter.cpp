#include "framework/evaluation/ter.h"

#include <algorithm>
#include <tuple>

#include "framework/base/errors.h"
#include "framework/base/unicode.h"
#include "framework/evaluation/edit_distance.h"
#include "framework/evaluation/text.h"
#include "framework/evaluation/trie.h"

namespace regard::evaluation {
namespace {

constexpr Index most_words = 10;         // moved by one shift
constexpr Index most_places = 50;        // between the words and their match
constexpr Index most_candidates = 1000;  // shifts tried in one segment

struct Shift {
  Index gain = 0;
  Index length = 0;
  Index start = 0;
  Index place = 0;

  // The key for comparing shifts; larger is better.
  [[nodiscard]] auto rank() const noexcept { return std::tuple(gain, length, -start, -place); }
};

// Sets `out` to `words` with [start, start + length) moved before the word at `place`. Positions are those before the
// move. A `place` inside the moved words is an offset from their start.
void shifted(const WordIds& words, const Shift& shift, WordIds& out) {
  const auto size = static_cast<Index>(words.size());
  const Index end = shift.start + shift.length;
  const auto piece = [&](Index from, Index to) {
    from = std::min(from, size);
    to = std::min(to, size);
    if (from < to) out.insert(out.end(), words.begin() + from, words.begin() + to);
  };
  out.clear();
  if (shift.place < shift.start) {
    piece(0, shift.place);
    piece(shift.start, end);
    piece(shift.place, shift.start);
    piece(end, size);
    return;
  }
  const Index behind = shift.place > end ? shift.place : shift.place + shift.length;
  piece(0, shift.start);
  piece(end, behind);
  piece(shift.start, end);
  piece(behind, size);
}

class ShiftSearch {
 public:
  ShiftSearch(WordIds hypothesis, const WordIds& reference)
      : words_(std::move(hypothesis)), reference_(reference), distance_(size(words_), reference) {}

  Index edits() {
    Index shifts = 0;
    Index before = distance_.set(words_);
    for (;;) {
      const Shift best = best_shift(before);
      if (looked_at_ >= most_candidates || best.gain <= 0) return shifts + before;
      ++shifts;
      shifted(words_, best, candidate_);
      words_.swap(candidate_);
      before = distance_.set(words_);
    }
  }

 private:
  static Index size(const WordIds& words) noexcept { return static_cast<Index>(words.size()); }

  Shift best_shift(Index before) {
    const BandedEditDistance::Alignment alignment = distance_.alignment();
    Shift best;
    for (Index start = 0; start < size(words_); ++start) {
      const Index last = std::min(size(reference_) - 1, start + most_places);
      for (Index match = std::max<Index>(0, start - most_places); match <= last; ++match) {
        bool hypothesis_wrong = false;
        bool reference_wrong = false;
        for (Index length = 1; length <= most_words; ++length) {
          const Index h = start + length - 1;
          const Index r = match + length - 1;
          if (h >= size(words_) || r >= size(reference_) || words_[at(h)] != reference_[at(r)]) break;
          hypothesis_wrong = hypothesis_wrong || alignment.hypothesis_wrong[at(h)] != 0;
          reference_wrong = reference_wrong || alignment.reference_wrong[at(r)] != 0;
          if (!hypothesis_wrong || !reference_wrong) continue;
          const Index stands = alignment.at[at(match)];
          if (stands >= start && stands < start + length) continue;
          try_places(alignment, before, start, match, length, best);
          if (looked_at_ >= most_candidates) return best;
        }
      }
    }
    return best;
  }

  // Tries the places before the first word and after each hypothesis word that is aligned with the matching words of
  // the reference.
  void try_places(const BandedEditDistance::Alignment& alignment, Index before, Index start, Index match,
                  Index length, Shift& best) {
    Index previous = -1;
    for (Index r = match - 1; r < match + length && r < size(reference_); ++r) {
      const Index place = r < 0 ? 0 : alignment.at[at(r)] + 1;
      if (place == previous) continue;
      previous = place;
      Shift shift{0, length, start, place};
      shifted(words_, shift, candidate_);
      shift.gain = before - distance_.distance(candidate_, std::min(start, place));
      if (best.length == 0 || shift.rank() > best.rank()) best = shift;
      ++looked_at_;
    }
  }

  static std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }

  WordIds words_;
  const WordIds& reference_;
  BandedEditDistance distance_;
  WordIds candidate_;
  Index looked_at_ = 0;
};

}  // namespace

Index ter_edits(const WordIds& hypothesis, const WordIds& reference) {
  if (reference.empty()) return static_cast<Index>(hypothesis.size());
  return ShiftSearch(hypothesis, reference).edits();
}

double Ter::score(std::span<const double> sum) const {
  check(sum.size() == 2, "Ter: a row of statistics has 2 numbers");
  if (sum[1] > 0.0) return 100.0 * (sum[0] / sum[1]);
  return sum[0] > 0.0 ? 100.0 : 0.0;
}

Signature Ter::signature(std::size_t references) const {
  Signature out(references);
  out.add("case", "c", options_.case_sensitive ? "mixed" : "lc");
  out.add("tok", "t", "tercom");
  out.add("norm", "nr", "no");
  out.add("punct", "pn", "yes");
  out.add("asian", "as", "no");
  return out;
}

void Ter::rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
               std::span<double> out) const {
  Words words;
  std::vector<std::string_view> some;
  const auto numbered = [&words](std::string_view line) {
    WordIds ids;
    for (const std::string_view word : split(line)) ids.push_back(words.insert(word));
    return ids;
  };
  for (Index i = begin; i < end; ++i) {
    references_of(references, i, some);
    std::vector<std::string> texts;  // `words` has views into them
    texts.reserve(some.size() + 1);
    const auto prepared = [&](std::string_view line) -> const std::string& {
      return texts.emplace_back(options_.case_sensitive ? std::string(line) : unicode::lower_case(line));
    };
    words.clear();
    const WordIds hypothesis = numbered(prepared(hypotheses[static_cast<std::size_t>(i)]));
    Index fewest = -1;
    Index length = 0;
    for (const std::string_view line : some) {
      const WordIds reference = numbered(prepared(line));
      const Index edits = ter_edits(hypothesis, reference);
      fewest = fewest < 0 ? edits : std::min(fewest, edits);
      length += static_cast<Index>(reference.size());
    }
    const auto row = static_cast<std::size_t>(2 * (i - begin));
    out[row] = static_cast<double>(fewest);
    out[row + 1] = static_cast<double>(length) / static_cast<double>(some.size());
  }
}

}  // namespace regard::evaluation
