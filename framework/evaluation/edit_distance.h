#pragma once
// Computes the edit distance of TER between hypotheses of fixed length and one reference, in a band around the
// diagonal.
#include <cstdint>
#include <vector>

#include "framework/base/base.h"

namespace regard::evaluation {

using WordIds = std::vector<std::uint32_t>;

class BandedEditDistance {
 public:
  // For hypotheses of `hypothesis_length` words. Keeps a reference to `reference`.
  BandedEditDistance(Index hypothesis_length, const WordIds& reference);

  // Makes `hypothesis` the current one and keeps its rows. Returns its distance.
  Index set(const WordIds& hypothesis);

  // Returns the distance of another hypothesis whose first `same` words are those of the current one.
  [[nodiscard]] Index distance(const WordIds& other, Index same);

  // The alignment of the current hypothesis with the reference, along the cheapest path.
  struct Alignment {
    std::vector<Index> at;  // for each reference word the hypothesis word there, or the last before; -1: none
    std::vector<char> reference_wrong;  // whether the word is inserted or substituted
    std::vector<char> hypothesis_wrong;
  };
  [[nodiscard]] Alignment alignment() const;

 private:
  enum class Step : char { none, match, substitute, remove, insert };
  struct Row {
    Index begin = 0;  // the columns [begin, end) are computed
    Index end = 0;
    Index offset = 0;  // of column `begin` in the cells
  };
  using Cells = std::vector<std::int32_t>;

  // Fills the rows of `cells` from `first` on, reading row first - 1 from `before`. Fills `steps` if it is not null
  // (for the current hypothesis).
  void fill(const WordIds& hypothesis, Index first, const Cells& before, Cells& cells,
            std::vector<Step>* steps) const;

  const WordIds& reference_;
  Index length_;
  std::vector<Row> rows_;
  Cells current_;
  std::vector<Step> steps_;
  Cells other_;
};

}  // namespace regard::evaluation
