#include "framework/data/text.h"

#include <algorithm>

#include "framework/base/errors.h"

namespace regard::data {
namespace {

constexpr Index kMostJoined = 100;

template <class Function>
void for_each_corpus(Splits& splits, Function&& function) {
  function(splits.train);
  function(splits.valid);
  for (NamedCorpus& test : splits.tests) function(test.corpus);
}

// Appends a pair to the joined ones. The positions of its alignment increase by the words before it.
void append(const Pair& next, Pair& joined) {
  const auto source = static_cast<std::int32_t>(count_words(joined.source));
  const auto target = static_cast<std::int32_t>(count_words(joined.target));
  for (Link link : next.gold) joined.gold.push_back({link.source + source, link.target + target});
  const auto put = [](const std::string& line, std::string& to) {
    if (count_words(line) == 0) return;
    if (!to.empty()) to += ' ';
    to += line;
  };
  put(next.source, joined.source);
  put(next.target, joined.target);
  joined.has_gold = next.has_gold;
}

Corpus joined(const Corpus& corpus, const std::vector<Index>& numbers, const char* split) {
  return collect(joined(pairs_of(corpus), numbers, split));
}

bool is_one(const std::vector<Index>& numbers) { return numbers.size() == 1 && numbers[0] == 1; }

}  // namespace

const config::OptionTable<TextOptions>& text_rows() {
  static const config::OptionTable<TextOptions> rows = {
      config::choice(
          "normalize", &TextOptions::normalize,
          {{"none", unicode::NormalForm::none, "code points as they are"},
           {"nfc", unicode::NormalForm::nfc, "composed: é is one code point"},
           {"nfkc", unicode::NormalForm::nfkc, "also replaces compatibility characters: ligatures, wide letters"}},
          "Unicode normal form of all text, including references"),
      config::option(
          "lowercase", &TextOptions::lowercase,
          "lower-case all text, including references: scores are then like those of older papers and do not "
          "measure case"),
  };
  return rows;
}

const config::OptionTable<JoinOptions>& join_rows() {
  static const config::OptionTable<JoinOptions> rows = {
      config::option("train", &JoinOptions::train, config::between(1, kMostJoined), "pairs",
                     "numbers of neighbouring pairs that become one, in training and validation; [1, 2] trains on "
                     "single pairs and on two joined pairs, in turn"),
      config::option("test", &JoinOptions::test, config::between(1, kMostJoined), "pairs",
                     "the same for test sets: each number n > 1 adds a test set NAME_xn, for curves over length"),
  };
  return rows;
}

void apply(const TextOptions& options, std::string& line) {
  if (options.normalize != unicode::NormalForm::none) line = unicode::normalized(line, options.normalize);
  if (options.lowercase) line = unicode::lower_case(line);
}

Pairs changed(Pairs pairs, const TextOptions& text) {
  if (text.normalize == unicode::NormalForm::none && !text.lowercase) return pairs;
  return [pairs = std::move(pairs), text](const PairCallback& receive) {
    return pairs([&](Pair& pair) {
      apply(text, pair.source);
      apply(text, pair.target);
      receive(pair);
    });
  };
}

Pairs joined(Pairs pairs, const std::vector<Index>& numbers, const char* split) {
  if (is_one(numbers)) return pairs;
  return [pairs = std::move(pairs), numbers, split](const PairCallback& receive) {
    Index skipped = 0;
    for (const Index n : numbers) {
      Pair whole;
      Index seen = 0;
      skipped = pairs([&](Pair& pair) {
        append(pair, whole);
        if (++seen % n != 0) return;
        receive(whole);
        whole = {};
      });
      if (seen >= n) continue;
      throw DataError(
          fmt::format("data.join: '{}' has {} pairs, too few to join {}; use a smaller number", split, seen, n));
    }
    return skipped;
  };
}

void apply(const TextOptions& options, Splits& splits) {
  if (options.normalize == unicode::NormalForm::none && !options.lowercase) return;
  const auto change = [&](std::vector<std::string>& lines) {
    for (std::string& line : lines) apply(options, line);
  };
  for_each_corpus(splits, [&](Corpus& corpus) {
    change(corpus.source);
    change(corpus.target);
  });
  const char* form = options.normalize == unicode::NormalForm::nfc    ? "normalised to NFC"
                     : options.normalize == unicode::NormalForm::nfkc ? "normalised to NFKC"
                                                                      : "";
  const char* both = options.lowercase && *form != 0 ? " and " : "";
  splits.description += fmt::format(" All text, references included, is {}{}{} before use.", form, both,
                                    options.lowercase ? "lower-cased" : "");
}

void apply(const JoinOptions& options, Splits& splits) {
  if (!is_one(options.train)) {
    if (splits.train.size() > 0) splits.train = joined(splits.train, options.train, "train");
    splits.valid = joined(splits.valid, options.train, "valid");
    splits.description +=
        fmt::format(" Training joins {} neighbouring pairs into one.", fmt::join(options.train, " and "));
  }
  if (is_one(options.test)) return;
  std::vector<NamedCorpus> tests;
  for (const NamedCorpus& test : splits.tests) {
    for (const Index n : options.test) {
      NamedCorpus& made = tests.emplace_back();
      made.name = n == 1 ? test.name : fmt::format("{}_x{}", test.name, n);
      made.corpus = joined(test.corpus, {n}, test.name.c_str());
      if (test.tokenized.empty()) continue;
      const Corpus tokenized{.source = test.tokenized, .target = test.tokenized, .gold = {}};
      made.tokenized = joined(tokenized, {n}, test.name.c_str()).target;
    }
  }
  for (std::size_t i = 0; i < tests.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (tests[i].name != tests[j].name) continue;
      throw DataError(
          fmt::format("data.join.test: there would be two test sets '{}'; name each number once, and "
                      "rename a set of data.files.test that already has this name",
                      tests[i].name));
    }
  }
  splits.tests = std::move(tests);
}

}  // namespace regard::data
