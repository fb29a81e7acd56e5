#pragma once
// Holds out a part of the training text as validation, where a corpus has none.
#include <string>
#include <vector>

#include "framework/config/option_table.h"
#include "framework/data/corpus.h"

namespace regard::data {

struct HoldOut {
  Index lines = 0;   // pairs
  double share = 0;  // of all pairs
  Index seed = 1;

  [[nodiscard]] bool empty() const { return lines == 0 && share == 0; }
};

[[nodiscard]] const config::OptionTable<HoldOut>& hold_out_rows();

// Returns the positions of the pairs that are held out, in order. Pair i has a number in [0, 1) that depends only on seed
// and i; those with the smallest numbers are held out. Reads the text once. DataError, starting with `name`, if all pairs
// or none would be held out.
[[nodiscard]] std::vector<Index> held_out(const Pairs& all, const HoldOut& options, const std::string& name);

// Returns the pairs at these positions, or all others. Positions are sorted.
[[nodiscard]] Pairs only(Pairs all, std::vector<Index> positions);
[[nodiscard]] Pairs without(Pairs all, std::vector<Index> positions);

}  // namespace regard::data
