#include "framework/evaluation/trie.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace regard::evaluation {

TEST_CASE("trie: an n-gram is one node however often it comes") {
  Trie trie;
  CHECK(trie.nodes() == 1);
  CHECK(trie.find(Trie::root, 7) == Trie::none);
  const Trie::Node a = trie.insert(Trie::root, 7);
  const Trie::Node ab = trie.insert(a, 8);
  CHECK(a != Trie::root);
  CHECK(ab != a);
  CHECK(trie.insert(Trie::root, 7) == a);
  CHECK(trie.insert(a, 8) == ab);
  CHECK(trie.find(a, 8) == ab);
  CHECK(trie.nodes() == 3);
  CHECK(trie.find(Trie::root, 8) == Trie::none);  // the same token behind another prefix
  CHECK(trie.find(ab, 8) == Trie::none);
  CHECK(trie.insert(Trie::root, 8) != ab);
}

TEST_CASE("trie: counts belong to their node and begin at 0") {
  Trie trie;
  const Trie::Node a = trie.insert(Trie::root, 1), b = trie.insert(Trie::root, 2);
  trie.counts(a).here = 3;
  trie.counts(a).most = 4;
  CHECK(trie.counts(b).here == 0);
  CHECK(trie.counts(trie.insert(Trie::root, 1)).most == 4);
  trie.clear();
  CHECK(trie.nodes() == 1);
  CHECK(trie.find(Trie::root, 1) == Trie::none);
  CHECK(trie.counts(trie.insert(Trie::root, 1)).here == 0);
  CHECK(trie.counts(trie.insert(Trie::root, 1)).most == 0);
}

TEST_CASE("trie: very many n-grams are found again while the table grows and after it is cleared") {
  Trie trie;
  for (int segment = 0; segment < 3; ++segment) {
    trie.clear();
    Trie::Node last = Trie::root;
    std::uint32_t wrong = 0;
    for (std::uint32_t i = 0; i < 5000; ++i) {
      const Trie::Node node = trie.insert(i % 3 == 0 ? Trie::root : last, i);
      wrong += node == i + 1 ? 0U : 1U;
      last = node;
    }
    for (std::uint32_t i = 0; i < 5000; ++i) wrong += trie.find(i % 3 == 0 ? Trie::root : i, i) == i + 1 ? 0U : 1U;
    CHECK(wrong == 0);
    CHECK(trie.nodes() == 5001);
  }
}

TEST_CASE("words: each gets the next number and keeps it") {
  Words words;
  CHECK(words.find("a") == Words::none);
  CHECK(words.insert("a") == 0);
  CHECK(words.insert("b") == 1);
  const std::string other = "a";  // equal text elsewhere
  CHECK(words.insert(other) == 0);
  CHECK(words.find("b") == 1);
  CHECK(words.insert("") == 2);
  words.clear();
  CHECK(words.find("a") == Words::none);
  CHECK(words.insert("b") == 0);
}

TEST_CASE("words: very many are found again while the table grows") {
  std::vector<std::string> texts;
  for (int i = 0; i < 3000; ++i) texts.push_back("w" + std::to_string(i));
  Words words;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) wrong += words.insert(texts[i]) == i ? 0U : 1U;
  for (std::size_t i = 0; i < texts.size(); ++i) wrong += words.find(texts[i]) == i ? 0U : 1U;
  CHECK(wrong == 0);
}

}  // namespace regard::evaluation
