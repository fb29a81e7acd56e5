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

std::string joined_lines(const std::vector<std::string>& lines, std::size_t first, std::size_t count) {
  std::string line;
  for (std::size_t i = first; i < first + count; ++i) {
    if (count_words(lines[i]) == 0) continue;
    if (!line.empty()) line += ' ';
    line += lines[i];
  }
  return line;
}

// The alignments of `count` pairs as one: each moves by the words before it.
Alignment joined_links(const Corpus& corpus, std::size_t first, std::size_t count) {
  Alignment links;
  std::int32_t source = 0;
  std::int32_t target = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    for (Link link : corpus.gold[i]) {
      link.source += source;
      link.target += target;
      links.push_back(link);
    }
    source += static_cast<std::int32_t>(count_words(corpus.source[i]));
    target += static_cast<std::int32_t>(count_words(corpus.target[i]));
  }
  return links;
}

Corpus joined(const Corpus& corpus, Index pairs, const char* split) {
  if (pairs == 1) return corpus;
  const auto n = static_cast<std::size_t>(pairs);
  if (corpus.source.size() < n) {
    throw DataError(fmt::format("data.join: '{}' has {} pairs, too few to join {}; take a smaller number", split,
                                corpus.size(), pairs));
  }
  Corpus result;
  for (std::size_t first = 0; first + n <= corpus.source.size(); first += n) {
    result.source.push_back(joined_lines(corpus.source, first, n));
    result.target.push_back(joined_lines(corpus.target, first, n));
    if (!corpus.gold.empty()) result.gold.push_back(joined_links(corpus, first, n));
  }
  return result;
}

void append(Corpus more, Corpus& to) {
  const auto move_to = [](auto& from, auto& all) { std::move(from.begin(), from.end(), std::back_inserter(all)); };
  move_to(more.source, to.source);
  move_to(more.target, to.target);
  move_to(more.gold, to.gold);
}

Corpus joined(const Corpus& corpus, const std::vector<Index>& numbers, const char* split) {
  Corpus result;
  result.skipped = corpus.skipped;
  for (const Index n : numbers) append(joined(corpus, n, split), result);
  return result;
}

bool is_one(const std::vector<Index>& numbers) { return numbers.size() == 1 && numbers[0] == 1; }

}  // namespace

const config::Rows<TextOptions>& text_rows() {
  static const config::Rows<TextOptions> rows = {
      config::choice(
          "normalize", &TextOptions::normalize,
          {{"none", unicode::NormalForm::none, "code points as they are"},
           {"nfc", unicode::NormalForm::nfc, "composed: one code point for é"},
           {"nfkc", unicode::NormalForm::nfkc, "also what only looks different: ligatures, wide letters"}},
          "Unicode normal form of all text, references included"),
      config::option("lowercase", &TextOptions::lowercase,
                     "lower-case all text, references included: scores are then those of older papers, and say "
                     "nothing about case"),
  };
  return rows;
}

const config::Rows<JoinOptions>& join_rows() {
  static const config::Rows<JoinOptions> rows = {
      config::option("train", &JoinOptions::train, config::between(1, kMostJoined), "pairs",
                     "neighbouring pairs that make one of training and validation; [1, 2] trains on the pairs and "
                     "on their neighbours joined"),
      config::option("test", &JoinOptions::test, config::between(1, kMostJoined), "pairs",
                     "the same for test sets: each number n > 1 adds a set NAME_xn, for curves over length"),
  };
  return rows;
}

void apply(const TextOptions& options, Splits& splits) {
  if (options.normalize == unicode::NormalForm::none && !options.lowercase) return;
  const auto change = [&](std::vector<std::string>& lines) {
    for (std::string& line : lines) {
      line = unicode::normalized(line, options.normalize);
      if (options.lowercase) line = unicode::lower_case(line);
    }
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
    splits.train = joined(splits.train, options.train, "train");
    splits.valid = joined(splits.valid, options.train, "valid");
    splits.description +=
        fmt::format(" Training joins {} neighbouring pairs into one.", fmt::join(options.train, " and "));
  }
  if (is_one(options.test)) return;
  std::vector<NamedCorpus> tests;
  for (const NamedCorpus& test : splits.tests) {
    for (const Index n : options.test) {
      tests.push_back(
          {n == 1 ? test.name : fmt::format("{}_x{}", test.name, n), joined(test.corpus, n, test.name.c_str())});
    }
  }
  for (std::size_t i = 0; i < tests.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (tests[i].name != tests[j].name) continue;
      throw DataError(
          fmt::format("data.join.test: there would be two test sets '{}'; name each number once, and "
                      "rename a set of data.files.test that is called so already",
                      tests[i].name));
    }
  }
  splits.tests = std::move(tests);
}

}  // namespace regard::data
