#include "framework/data/corpora/symbols.h"

#include <set>
#include <sstream>

#include "framework/base/errors.h"
#include "tests/support/catch.h"

namespace regard::data {
namespace {

const SymbolsOptions kSmall{.symbols = 5,
                            .min_length = 3,
                            .max_length = 6,
                            .long_min_length = 7,
                            .long_max_length = 9,
                            .train = 300,
                            .valid = 20,
                            .test = 20,
                            .test_long = 30};

}  // namespace

TEST_CASE("symbols: copy repeats its source") {
  const Splits splits = make_copy(kSmall);
  CHECK(splits.name == "copy");
  CHECK(splits.synthetic);
  CHECK(splits.train.source == splits.train.target);
  CHECK(splits.train.size() == 300);
  CHECK(splits.tests.at(1).corpus.size() == 30);
  const auto words = static_cast<std::size_t>(count_words(splits.train.source[0]));
  CHECK(splits.train.gold[0].size() == words);
  CHECK(splits.train.gold[0].back() ==
        Link{static_cast<std::int32_t>(words) - 1, static_cast<std::int32_t>(words) - 1});
}

TEST_CASE("symbols: reverse has the same sources in reverse order") {
  const Splits copy = make_copy(kSmall);
  const Splits reverse = make_reverse(kSmall);
  CHECK(reverse.train.source == copy.train.source);
  for (std::size_t i = 0; i < 20; ++i) {
    std::istringstream words(reverse.train.target[i]);
    std::string back;
    for (std::string word; words >> word;) back.insert(0, back.empty() ? word : word + ' ');
    REQUIRE(back == reverse.train.source[i]);
    const auto last = static_cast<std::int32_t>(reverse.train.gold[i].size()) - 1;
    REQUIRE(reverse.train.gold[i].front() == Link{0, last});
  }
}

TEST_CASE("symbols: lengths and symbols use their whole range and no source occurs twice") {
  const Splits splits = make_copy(kSmall);
  std::set<Index> lengths, long_lengths;
  std::set<std::string> sources, symbols;
  for (const Corpus* part : {&splits.train, &splits.valid, &splits.tests[0].corpus}) {
    for (const std::string& line : part->source) {
      lengths.insert(count_words(line));
      CHECK(sources.insert(line).second);
      symbols.insert(line.substr(0, line.find(' ')));
    }
  }
  for (const std::string& line : splits.tests[1].corpus.source) long_lengths.insert(count_words(line));
  CHECK(lengths == std::set<Index>{3, 4, 5, 6});
  CHECK(long_lengths == std::set<Index>{7, 8, 9});
  CHECK(symbols == std::set<std::string>{"s0", "s1", "s2", "s3", "s4"});
}

TEST_CASE("symbols: the rows depend only on the seed") {
  CHECK(make_copy(kSmall).train.source == make_copy(kSmall).train.source);
  SymbolsOptions other = kSmall;
  other.seed = 2;
  CHECK(make_copy(other).train.source != make_copy(kSmall).train.source);
}

TEST_CASE("symbols: more rows than possible are refused") {
  SymbolsOptions options = kSmall;
  options.symbols = 2;
  CHECK_THROWS_WITH(make_copy(options),
                    "copy: symbols: 2 symbols in rows of 3 to 6 make 120 different rows, but train, valid "
                    "and test need 680, twice their size; use more symbols, longer rows or smaller splits");
  CHECK_THROWS_AS(make_copy(options), ConfigError);
  options.train = options.valid = options.test = 10;
  options.test_long = 1000;
  CHECK_THROWS_WITH(make_copy(options),
                    "copy: symbols: 2 symbols in rows of 7 to 9 make 896 different rows, but test_long need 2000, "
                    "twice their size; use more symbols, longer rows or smaller splits");
}

TEST_CASE("symbols: reversed or overlapping length ranges are refused") {
  SymbolsOptions options = kSmall;
  options.min_length = 7;
  CHECK_THROWS_WITH(make_reverse(options), "reverse: min_length: 7 is more than max_length = 6");
  options = kSmall;
  options.long_min_length = 10;
  CHECK_THROWS_WITH(make_reverse(options), "reverse: long_min_length: 10 is more than long_max_length = 9");
  options.long_min_length = 6;
  CHECK_THROWS_WITH(make_reverse(options),
                    "reverse: long_min_length: 6 is not more than max_length = 6: test_long has rows that are "
                    "longer than any in training");
}

}  // namespace regard::data
