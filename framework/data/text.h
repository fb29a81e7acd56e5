#pragma once
// Normalises the text of a plan before any other step: Unicode's normal forms, case, and joining of neighbouring
// pairs into longer ones. It changes every split and both sides, including references, so references have the same
// form as the training text.
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

// How many neighbouring pairs become one pair; several numbers are used in turn.
struct JoinOptions {
  std::vector<Index> train = {1};
  std::vector<Index> test = {1};
};
[[nodiscard]] const config::OptionTable<JoinOptions>& join_rows();

// Normalises and lower-cases one line as the options say.
void apply(const TextOptions& options, std::string& line);

// Normalises and lower-cases every line of every split as the options say, and adds this to the description.
void apply(const TextOptions& options, Splits& splits);

// The pairs with `text` applied and then joined by the numbers of join.train, one number after the other; never
// more than a few of them in memory. DataError, naming the split, if there are too few.
[[nodiscard]] Pairs changed(Pairs pairs, const TextOptions& text);
[[nodiscard]] Pairs joined(Pairs pairs, const std::vector<Index>& numbers, const char* split);

// Training and validation become the pairs of join.train, one number after the other; each test set is followed,
// for each number n > 1 of join.test, by one named NAME_xn, and stays itself where 1 is among them. Pairs 1 … n
// make the first, n + 1 … 2n the next; what remains at the end is left out. A gold alignment moves along.
// DataError if a split is too short, or a new name is taken.
void apply(const JoinOptions& options, Splits& splits);

}  // namespace regard::data
