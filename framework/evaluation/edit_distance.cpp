#include "framework/evaluation/edit_distance.h"

#include <algorithm>
#include <cmath>

namespace regard::evaluation {
namespace {

constexpr Index band = 25;
constexpr std::int32_t infinite = 1 << 29;

}  // namespace

BandedEditDistance::BandedEditDistance(Index hypothesis_length, const WordIds& reference)
    : reference_(reference), length_(hypothesis_length) {
  const auto columns = static_cast<Index>(reference.size()) + 1;
  const double slope = length_ > 0 ? static_cast<double>(reference.size()) / static_cast<double>(length_) : 1.0;
  // The band is wider if the lengths differ so much that the bands of neighbouring rows would not overlap.
  const Index reach = static_cast<double>(band) < slope / 2
                          ? static_cast<Index>(std::ceil(slope / 2 + static_cast<double>(band)))
                          : band;
  rows_.resize(static_cast<std::size_t>(length_) + 1);
  rows_[0] = {0, columns, 0};
  for (Index i = 1; i <= length_; ++i) {
    const Row& above = rows_[static_cast<std::size_t>(i - 1)];
    const auto diagonal = static_cast<Index>(std::floor(static_cast<double>(i) * slope));
    rows_[static_cast<std::size_t>(i)] = {std::max<Index>(0, diagonal - reach),
                                          i == length_ ? columns : std::min(columns, diagonal + reach),
                                          above.offset + above.end - above.begin};
  }
  const Row& last = rows_.back();
  const auto cells = static_cast<std::size_t>(last.offset + last.end - last.begin);
  current_.assign(cells, infinite);
  steps_.assign(cells, Step::none);
  other_.assign(cells, infinite);
  for (Index j = 0; j < columns; ++j) {  // row 0: all reference words are inserted
    current_[static_cast<std::size_t>(j)] = static_cast<std::int32_t>(j);
    steps_[static_cast<std::size_t>(j)] = Step::insert;
  }
}

void BandedEditDistance::fill(const WordIds& hypothesis, Index first, const Cells& before, Cells& cells,
                              std::vector<Step>* steps) const {
  for (Index i = first; i <= length_; ++i) {
    const Row& row = rows_[static_cast<std::size_t>(i)];
    const Row& up = rows_[static_cast<std::size_t>(i - 1)];
    const std::int32_t* above = (i == first ? before : cells).data() + up.offset - up.begin;  // indexed by column
    const std::uint32_t word = hypothesis[static_cast<std::size_t>(i - 1)];
    std::int32_t* here = cells.data() + row.offset - row.begin;
    for (Index j = row.begin; j < row.end; ++j) {
      std::int32_t best = infinite;
      Step step = Step::none;
      const auto consider = [&](std::int32_t cost, Step which) {
        if (cost < best) {
          best = cost;
          step = which;
        }
      };
      // Of equal costs the first is used: match or substitution, then removal, then insertion. This is Tercom's order
      // with the two sides exchanged.
      if (j > 0 && j > up.begin && j <= up.end) {
        const bool same = word == reference_[static_cast<std::size_t>(j - 1)];
        consider(above[j - 1] + (same ? 0 : 1), same ? Step::match : Step::substitute);
      }
      if (j >= up.begin && j < up.end) consider(above[j] + 1, Step::remove);
      if (j > row.begin) consider(here[j - 1] + 1, Step::insert);
      here[j] = best;
      if (steps != nullptr) (*steps)[static_cast<std::size_t>(row.offset - row.begin + j)] = step;
    }
  }
}

Index BandedEditDistance::set(const WordIds& hypothesis) {
  fill(hypothesis, 1, current_, current_, &steps_);
  return current_.back();
}

Index BandedEditDistance::distance(const WordIds& other, Index same) {
  if (same >= length_) return current_.back();
  fill(other, same + 1, current_, other_, nullptr);
  return other_.back();
}

BandedEditDistance::Alignment BandedEditDistance::alignment() const {
  Alignment out;
  out.at.resize(reference_.size());
  out.reference_wrong.resize(reference_.size());
  out.hypothesis_wrong.resize(static_cast<std::size_t>(length_));
  Index i = length_;
  auto j = static_cast<Index>(reference_.size());
  while (i > 0 || j > 0) {
    const Row& row = rows_[static_cast<std::size_t>(i)];
    const Step step = steps_[static_cast<std::size_t>(row.offset + j - row.begin)];
    const bool wrong = step != Step::match;
    if (step != Step::remove) {
      --j;
      out.at[static_cast<std::size_t>(j)] = i - 1;
      out.reference_wrong[static_cast<std::size_t>(j)] = wrong;
    }
    if (step != Step::insert) {
      --i;
      out.hypothesis_wrong[static_cast<std::size_t>(i)] = wrong;
    }
  }
  return out;
}

}  // namespace regard::evaluation
