#pragma once
// Attention weights of one sentence. Translations, forced decoding, the examples in a run folder and evaluation
// all use this type.
#include <span>
#include <vector>

#include "framework/base/base.h"
#include "framework/base/errors.h"

namespace regard {

// weights[t, s] is how much target position t looks at source position s. Rows and columns count tokens or words,
// </s> included where the owner says so. Empty, with 0 rows, without attention.
struct WeightMatrix {
  Index targets = 0;                // rows
  Index sources = 0;                // columns
  std::vector<double> values = {};  // [targets, sources], row by row

  [[nodiscard]] bool empty() const noexcept { return targets == 0; }
  [[nodiscard]] double at(Index target, Index source) const noexcept {
    return values[static_cast<std::size_t>(target * sources + source)];
  }
  [[nodiscard]] std::span<const double> row(Index target) const noexcept {
    return std::span(values).subspan(static_cast<std::size_t>(target * sources),
                                     static_cast<std::size_t>(sources));
  }
  // Appends a row. The first row decides the number of columns; InternalError for a later one of another length.
  template <class T>
  void add_row(std::span<const T> weights) {
    if (targets == 0) sources = static_cast<Index>(weights.size());
    check(static_cast<Index>(weights.size()) == sources, "a row of attention weights has another length");
    values.insert(values.end(), weights.begin(), weights.end());
    ++targets;
  }
  // Removes the last row, which must exist.
  void remove_last_row() {
    check(targets > 0, "there is no row of attention weights to remove");
    values.resize(values.size() - static_cast<std::size_t>(sources));
    --targets;
  }
  friend bool operator==(const WeightMatrix&, const WeightMatrix&) = default;
};

}  // namespace regard
