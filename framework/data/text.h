#pragma once
// Normalises the text of a plan before any other step: Unicode normal forms, case, and joining of neighbouring pairs
// into longer ones. It changes every split and both sides, including references, so that references have the same form
// as the training text.
#include <string>
#include <vector>

#include "framework/base/unicode.h"
#include "framework/config/option_table.h"
#include "framework/data/corpus.h"

namespace regard::data {

struct TextOptions {
  unicode::NormalForm normalize = unicode::NormalForm::none;
  bool lowercase = false;
};
[[nodiscard]] const config::OptionTable<TextOptions>& text_rows();

// The number of neighbouring pairs that become one pair. Several numbers are used in turn.
struct JoinOptions {
  std::vector<Index> train = {1};
  std::vector<Index> test = {1};
};
[[nodiscard]] const config::OptionTable<JoinOptions>& join_rows();

// Normalises and lower-cases one line according to the options.
void apply(const TextOptions& options, std::string& line);

// Normalises and lower-cases every line of every split according to the options, and adds this to the description.
void apply(const TextOptions& options, Splits& splits);

// Returns the pairs with `text` applied, and then joined by the numbers in join.train, which are used in turn. Only a
// few pairs are in memory at a time. DataError with the split if there are too few pairs.
[[nodiscard]] Pairs changed(Pairs pairs, const TextOptions& text);
[[nodiscard]] Pairs joined(Pairs pairs, const std::vector<Index>& numbers, const char* split);

// Joins pairs. In training and validation, the numbers in join.train are used in turn. For each number n > 1 in
// join.test, each test set gets another one named NAME_xn; the test set itself is kept if 1 is in the list. Pairs 1 … n
// become the first joined pair, n + 1 … 2n the next; an incomplete rest is skipped. Gold alignments are adapted.
// DataError if a split is too short, or if a new name is in use.
void apply(const JoinOptions& options, Splits& splits);

}  // namespace regard::data
