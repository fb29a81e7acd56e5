#include "framework/data/corpora/symbols.h"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "framework/base/errors.h"
#include "framework/base/random.h"
#include "framework/config/option_table.h"
#include "framework/data/builtin.h"
#include "framework/data/random_chooser.h"

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
    RandomChooser dice(key.with(i));
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

// Returns the number of different rows, at most `enough`.
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

struct Problem {
  std::string key, message;  // empty key: no problem
};

// Allows at most half of all rows, so that a draw is new with probability of at least 1/2.
Problem crowded(const char* key, const char* splits, Index symbols, const Lengths& lengths, Index wanted) {
  const Index rows = different_rows(symbols, lengths, 2 * wanted);
  if (rows >= 2 * wanted) return {};
  return {key, fmt::format("{} symbols in rows of {} to {} make {} different rows, but {} need {}, twice their "
                           "size; use more symbols, longer rows or smaller splits",
                           symbols, lengths.least, lengths.most, rows, splits, 2 * wanted)};
}

Problem find_problem(const SymbolsOptions& o) {
  if (o.min_length > o.max_length) {
    return {"min_length", fmt::format("{} is more than max_length = {}", o.min_length, o.max_length)};
  }
  if (o.long_min_length > o.long_max_length) {
    return {"long_min_length",
            fmt::format("{} is more than long_max_length = {}", o.long_min_length, o.long_max_length)};
  }
  if (o.long_min_length <= o.max_length) {
    return {"long_min_length",
            fmt::format("{} is not more than max_length = {}: test_long has rows that are longer "
                        "than any in training",
                        o.long_min_length, o.max_length)};
  }
  const Lengths usual{o.min_length, o.max_length};
  const Lengths longer{o.long_min_length, o.long_max_length};
  Problem problem = crowded("symbols", "train, valid and test", o.symbols, usual, o.train + o.valid + o.test);
  if (problem.key.empty()) problem = crowded("symbols", "test_long", o.symbols, longer, o.test_long);
  return problem;
}

Splits make(const char* name, bool backwards, const SymbolsOptions& options) {
  const Lengths usual{options.min_length, options.max_length};
  const Lengths longer{options.long_min_length, options.long_max_length};
  const Problem problem = find_problem(options);
  if (!problem.key.empty()) throw ConfigError(fmt::format("{}: {}: {}", name, problem.key, problem.message));
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

const config::OptionTable<SymbolsOptions>& rows() {
  using O = SymbolsOptions;
  constexpr config::Range kLength = config::between(1, 10000);
  constexpr config::Range kSize = config::between(1, 1e6);
  static const config::OptionTable<O> all = {
      config::option("seed", &O::seed, config::at_least(0), "", "another seed gives other rows"),
      config::option("symbols", &O::symbols, config::between(1, 1e6), "", "number of different symbols"),
      config::option("min_length", &O::min_length, kLength, "symbols", "shortest row"),
      config::option("max_length", &O::max_length, kLength, "symbols",
                     "longest row; all lengths are equally likely"),
      config::option("long_min_length", &O::long_min_length, kLength, "symbols", "shortest row of test_long"),
      config::option("long_max_length", &O::long_max_length, kLength, "symbols", "longest row of test_long"),
      config::option("train", &O::train, kSize, "pairs", "size of the training set"),
      config::option("valid", &O::valid, kSize, "pairs", "size of the validation set"),
      config::option("test", &O::test, kSize, "pairs", "size of the test set"),
      config::option("test_long", &O::test_long, kSize, "pairs", "size of the test set of longer rows"),
  };
  return all;
}

BuiltinCorpus entry(const char* name, const char* summary, bool backwards) {
  return {.name = name,
          .summary = summary,
          .options = config::descriptions(rows()),
          .make = [name, backwards](const config::Options& given) {
            const auto options = config::from_options(rows(), given);
            const Problem problem = find_problem(options);
            if (!problem.key.empty()) {
              config::fail_at(given.origin(problem.key), "data.corpus." + problem.key, problem.message);
            }
            return make(name, backwards, options);
          }};
}

[[maybe_unused]] const bool copy_registered =
    register_corpus(entry("copy", "rows of random symbols, to be repeated (synthetic)", false));
[[maybe_unused]] const bool reverse_registered =
    register_corpus(entry("reverse", "rows of random symbols, to be written backwards (synthetic)", true));

}  // namespace

Splits make_copy(const SymbolsOptions& options) { return make("copy", false, options); }
Splits make_reverse(const SymbolsOptions& options) { return make("reverse", true, options); }

}  // namespace regard::data
