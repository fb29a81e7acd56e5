#include "framework/evaluation/pieces.h"

#include <algorithm>
#include <numeric>

#include "framework/evaluation/text.h"

namespace regard::evaluation {
namespace {

constexpr std::string_view kSpace = "▁";

std::string without_marks(std::string_view token) {
  std::string text;
  for (std::size_t at = 0; at < token.size();) {
    if (token.substr(at).starts_with(kSpace)) {
      at += kSpace.size();
    } else {
      text += token[at++];
    }
  }
  return text;
}

// Returns whether no word is skipped: from 0 to the last word, each token has the word of the previous token or the
// next word.
bool is_whole(const std::vector<Index>& words, Index count) {
  Index before = -1;
  for (const Index word : words) {
    if (word != before && word != before + 1) return false;
    before = word;
  }
  return before + 1 == count;
}

// Matches tokens and words by spelling. A token's word is that of its first byte.
std::optional<std::vector<Index>> by_spelling(const std::vector<std::string_view>& words,
                                              std::span<const std::string> tokens) {
  std::vector<Index> of_tokens;
  std::size_t word = 0;
  std::size_t used = 0;  // bytes of `word` that are matched
  for (const std::string& token : tokens) {
    const std::string text = without_marks(token);
    if (word < words.size() && used == words[word].size()) ++word, used = 0;
    of_tokens.push_back(static_cast<Index>(std::min(word, words.size() - 1)));
    for (std::size_t at = 0; at < text.size();) {
      if (word < words.size() && used == words[word].size()) ++word, used = 0;
      if (word == words.size() || words[word][used] != text[at]) return std::nullopt;
      ++used, ++at;
    }
  }
  const bool all = word + 1 == words.size() && used == words.back().size();
  if (!all || !is_whole(of_tokens, static_cast<Index>(words.size()))) return std::nullopt;
  return of_tokens;
}

}  // namespace

std::optional<std::vector<Index>> words_of_tokens(std::string_view line, std::span<const std::string> tokens) {
  const std::vector<std::string_view> words = split(line);
  if (words.empty() || tokens.empty()) {
    if (words.size() != tokens.size()) return std::nullopt;
    return std::vector<Index>{};
  }
  if (auto spelt = by_spelling(words, tokens)) return spelt;
  std::vector<Index> of_tokens(tokens.size());
  if (tokens.size() == words.size()) {
    std::iota(of_tokens.begin(), of_tokens.end(), Index{0});
    return of_tokens;
  }
  Index word = -1;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].starts_with(kSpace)) ++word;
    of_tokens[i] = word;
  }
  if (of_tokens.front() != 0 || word + 1 != static_cast<Index>(words.size())) return std::nullopt;
  return of_tokens;
}

}  // namespace regard::evaluation
