#include "framework/data/corpora/chat_noir.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "framework/base/sha256.h"
#include "tests/support/catch.h"

namespace regard::data {
namespace {

const Splits& usual() {
  static const Splits splits = make_chat_noir({});
  return splits;
}

std::string digest(const Corpus& corpus) {
  std::string text;
  for (Index i = 0; i < corpus.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    text += corpus.source[at] + '\t' + corpus.target[at] + '\t' + to_pharaoh(corpus.gold[at]) + '\n';
  }
  return sha256(text);
}

std::map<std::string, Index> frequencies(const std::vector<std::string>& lines) {
  std::map<std::string, Index> seen;
  for (const std::string& line : lines) {
    std::istringstream words(line);
    for (std::string word; words >> word;) ++seen[word];
  }
  return seen;
}

std::vector<const Corpus*> all_parts(const Splits& splits) {
  return {&splits.train, &splits.valid, &splits.tests.at(0).corpus, &splits.tests.at(1).corpus};
}

}  // namespace

TEST_CASE("chat_noir: it has its name and languages and a description that says it is synthetic") {
  CHECK(usual().name == "chat_noir");
  CHECK(usual().synthetic);
  CHECK(usual().source_language == "en");
  CHECK(usual().target_language == "fr");
  CHECK(usual().description == "English to French sentences made by a grammar of regard's own (synthetic).");
}

TEST_CASE("chat_noir: the default corpus has the same bytes with every compiler") {
  CHECK(digest(usual().train) == "04ce47121926ca2e2f0bee9cc7cb609fd0fba90c5d57a25cef50cc27a0ed39dc");
  CHECK(digest(usual().valid) == "3627978258eff29d284c61783a611c8a7fd6b0621d924252360818148de4ae71");
  CHECK(digest(usual().tests[0].corpus) == "4bca76c7a104b0a1aec2fa257fbd1ebd053f4c1f680b3bcedb930abc73dd8ed7");
  CHECK(digest(usual().tests[1].corpus) == "a858bf0300432f654bbf4c27c56167cb9c12f4812b57966f6f8a0445c04a6e51");
}

TEST_CASE("chat_noir: splits have the promised sizes and names and lengths") {
  CHECK(usual().train.size() == 5000);
  CHECK(usual().valid.size() == 500);
  REQUIRE(usual().tests.size() == 2);
  CHECK(usual().tests[0].name == "test");
  CHECK(usual().tests[0].corpus.size() == 500);
  CHECK(usual().tests[1].name == "test_long");
  CHECK(usual().tests[1].corpus.size() == 500);
  const auto within = [](const Corpus& corpus, Index least, Index most) {
    return std::all_of(corpus.source.begin(), corpus.source.end(), [&](const std::string& line) {
      return count_words(line) >= least && count_words(line) <= most;
    });
  };
  CHECK(within(usual().train, 3, 20));
  CHECK(within(usual().valid, 3, 20));
  CHECK(within(usual().tests[0].corpus, 3, 20));
  CHECK(within(usual().tests[1].corpus, 21, 40));
}

TEST_CASE("chat_noir: no English sentence occurs twice in any split") {
  std::set<std::string> seen;
  Index sentences = 0;
  for (const Corpus* part : all_parts(usual())) {
    seen.insert(part->source.begin(), part->source.end());
    sentences += part->size();
  }
  CHECK(static_cast<Index>(seen.size()) == sentences);
}

TEST_CASE("chat_noir: gold links lie inside their sentences and reach every word") {
  for (const Corpus* part : all_parts(usual())) {
    REQUIRE(part->gold.size() == part->source.size());
    for (std::size_t i = 0; i < part->gold.size(); ++i) {
      const Index source = count_words(part->source[i]);
      const Index target = count_words(part->target[i]);
      std::set<Index> sources, targets;
      for (const Link& link : part->gold[i]) {
        sources.insert(link.source);
        targets.insert(link.target);
      }
      REQUIRE(static_cast<Index>(sources.size()) == source);
      REQUIRE(static_cast<Index>(targets.size()) == target);
      REQUIRE(*sources.rbegin() == source - 1);
      REQUIRE(*targets.rbegin() == target - 1);
    }
  }
}

TEST_CASE("chat_noir: both sides have at least 150 words and the test sets have no new ones") {
  const auto english = frequencies(usual().train.source);
  const auto french = frequencies(usual().train.target);
  CHECK(english.size() >= 150);
  CHECK(french.size() >= 150);
  CHECK(english.size() <= 300);
  CHECK(french.size() <= 380);
  const auto known = [](const std::vector<std::string>& lines, const std::map<std::string, Index>& words) {
    for (const auto& [word, count] : frequencies(lines)) {
      if (words.count(word) == 0) return false;
    }
    return true;
  };
  for (const Corpus* part : all_parts(usual())) {
    CHECK(known(part->source, english));
    CHECK(known(part->target, french));
  }
}

TEST_CASE("chat_noir: a smaller training set is the begin of a larger one and the tests are the same") {
  const Splits small = make_chat_noir({.train = 100});
  CHECK(small.tests[0].corpus.source == usual().tests[0].corpus.source);
  CHECK(small.tests[1].corpus.source == usual().tests[1].corpus.source);
  CHECK(small.valid.source == usual().valid.source);
  CHECK(std::equal(small.train.source.begin(), small.train.source.end(), usual().train.source.begin()));
}

TEST_CASE("chat_noir: another seed gives other sentences") {
  const Splits other = make_chat_noir({.seed = 2, .train = 100, .valid = 10, .test = 10, .test_long = 10});
  CHECK(other.train.source[0] != usual().train.source[0]);
  CHECK(other.tests[0].corpus.source[0] != usual().tests[0].corpus.source[0]);
}

}  // namespace regard::data
