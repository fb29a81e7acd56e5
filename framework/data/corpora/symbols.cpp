#include "framework/data/corpora/symbols.h"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "framework/base/errors.h"
#include "framework/base/random.h"
#include "framework/data/dice.h"

namespace regard::data {
namespace {

using Seen = std::unordered_set<std::string>;

struct Lengths {
  Index least, most;
};

std::string joined(const std::vector<Index>& symbols) {
  std::string line;
  for (const Index symbol : symbols) line += fmt::format("{}s{}", line.empty() ? "" : " ", symbol);
  return line;
}

Alignment links(Index length, bool backwards) {
  Alignment alignment;
  for (std::int32_t i = 0; i < length; ++i) {
    alignment.push_back({i, backwards ? static_cast<std::int32_t>(length) - 1 - i : i});
  }
  return alignment;
}

Corpus draw(Key key, Index count, const Lengths& lengths, Index symbols, bool backwards, Seen& seen) {
  Corpus corpus;
  for (Index i = 0; corpus.size() < count; ++i) {
    Dice dice(key.with(i));
    std::vector<Index> row(static_cast<std::size_t>(lengths.least + dice.below(lengths.most - lengths.least + 1)));
    for (Index& symbol : row) symbol = dice.below(symbols);
    std::string source = joined(row);
    if (!seen.insert(source).second) continue;
    corpus.source.push_back(std::move(source));
    if (backwards) std::reverse(row.begin(), row.end());
    corpus.target.push_back(joined(row));
    corpus.gold.push_back(links(static_cast<Index>(row.size()), backwards));
  }
  return corpus;
}

// The number of different rows, or `enough` where there are more.
Index different_rows(Index symbols, const Lengths& lengths, Index enough) {
  Index rows = 0;
  for (Index length = lengths.least; length <= lengths.most; ++length) {
    Index of_length = 1;
    for (Index i = 0; i < length && of_length < enough; ++i) of_length *= symbols;
    rows += of_length;
    if (rows >= enough) return enough;
  }
  return rows;
}

// Half of the rows may be asked for: then a draw that was seen already is never likelier than one that was not.
void require_room(const char* name, const char* splits, Index symbols, const Lengths& lengths, Index wanted) {
  const Index rows = different_rows(symbols, lengths, 2 * wanted);
  if (rows >= 2 * wanted) return;
  throw ConfigError(
      fmt::format("data.corpus: {}: {} symbols in rows of {} to {} make {} different rows, too few to draw "
                  "{} for {} (at most half of them); take more symbols, longer rows or smaller splits",
                  name, symbols, lengths.least, lengths.most, rows, wanted, splits));
}

void require_order(const char* name, const char* least, const char* most, const Lengths& lengths) {
  if (lengths.least <= lengths.most) return;
  throw ConfigError(
      fmt::format("data.corpus: {}: {} is {}, more than {} = {}", name, least, lengths.least, most, lengths.most));
}

Splits make(const char* name, bool backwards, const SymbolsOptions& options) {
  const Lengths usual{options.min_length, options.max_length};
  const Lengths longer{options.long_min_length, options.long_max_length};
  const Index together = options.train + options.valid + options.test;
  require_order(name, "min_length", "max_length", usual);
  require_order(name, "long_min_length", "long_max_length", longer);
  require_room(name, "train, valid and test", options.symbols, usual, together);
  require_room(name, "test_long", options.symbols, longer, options.test_long);
  Splits splits{.name = name,
                .description = fmt::format("Rows of random symbols, to be {} (synthetic).",
                                           backwards ? "written backwards" : "copied"),
                .synthetic = true,
                .source_language = "symbols",
                .target_language = "symbols",
                .train = {},
                .valid = {},
                .tests = {}};
  const Key key = Key(options.seed, "symbols");
  Seen seen;
  const auto split = [&](const char* part, Index count, const Lengths& lengths) {
    return draw(key.with(part), count, lengths, options.symbols, backwards, seen);
  };
  splits.tests.push_back({"test", split("test", options.test, usual)});
  splits.valid = split("valid", options.valid, usual);
  splits.train = split("train", options.train, usual);
  splits.tests.push_back({"test_long", split("test_long", options.test_long, longer)});
  return splits;
}

}  // namespace

Splits make_copy(const SymbolsOptions& options) { return make("copy", false, options); }
Splits make_reverse(const SymbolsOptions& options) { return make("reverse", true, options); }

}  // namespace regard::data
