#include "framework/data/vocabulary.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "framework/base/errors.h"
#include "framework/base/utf8.h"
#include "framework/data/corpus.h"

namespace regard::data {
namespace {

constexpr std::array<const char*, kSpecials> kSpecialTokens = {"<pad>", "<unk>", "<s>", "</s>"};

bool has_whitespace(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (utf8::is_whitespace(utf8::decode(text, at))) return true;
  }
  return false;
}

}  // namespace

TokenId TokenCounts::number(std::string_view token) {
  const auto found = numbers_.find(token);
  if (found != numbers_.end()) return found->second;
  check(counts_.size() < std::numeric_limits<TokenId>::max(), "a corpus has at most 2^31 - 1 different tokens");
  const auto number = static_cast<TokenId>(counts_.size());
  numbers_.emplace(token, number);
  counts_.push_back(0);
  return number;
}

Vocabulary::Vocabulary() : tokens_(kSpecialTokens.begin(), kSpecialTokens.end()) {}

Vocabulary::Vocabulary(const TokenCounts& counts, Index min_frequency, Index max_size) : Vocabulary() {
  std::vector<std::pair<std::string_view, Index>> kept;
  for (const auto& [token, number] : counts.numbers()) {
    const Index count = counts.count(number);
    if (count >= min_frequency) kept.emplace_back(token, count);
  }
  std::sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (max_size > 0 && static_cast<Index>(kept.size()) > max_size) kept.resize(static_cast<std::size_t>(max_size));
  for (const auto& [token, count] : kept) add(std::string(token));
}

// The special tokens are not in ids_, so that text with the spelling of one of them can have its own id.
bool Vocabulary::add(std::string token) {
  check(tokens_.size() < std::numeric_limits<TokenId>::max(), "a vocabulary has at most 2^31 - 1 tokens");
  if (!ids_.emplace(token, static_cast<TokenId>(tokens_.size())).second) return false;
  tokens_.push_back(std::move(token));
  return true;
}

TokenId Vocabulary::id(std::string_view token) const noexcept {
  const auto found = ids_.find(token);
  return found == ids_.end() ? kUnk : found->second;
}

const std::string& Vocabulary::token(TokenId id) const {
  check(id >= 0 && id < size(), "a token id is outside its vocabulary");
  return tokens_[static_cast<std::size_t>(id)];
}

std::string Vocabulary::to_text() const {
  std::string text;
  for (const std::string& token : tokens_) text += token + '\n';
  return text;
}

Vocabulary Vocabulary::load(const std::filesystem::path& file) {
  const std::vector<std::string> lines = read_lines(file, std::numeric_limits<Index>::max() / 2);
  Vocabulary vocabulary;
  for (std::size_t i = 0; i < std::max(lines.size(), kSpecialTokens.size()); ++i) {
    const std::string where = fmt::format("{}:{}", file.string(), i + 1);
    if (i < kSpecialTokens.size()) {
      if (i < lines.size() && lines[i] == kSpecialTokens[i]) continue;
      throw DataError(
          fmt::format("{}: a vocabulary starts with the lines <pad>, <unk>, <s>, </s>, but {}", where,
                      i < lines.size() ? fmt::format("this line is '{}'", lines[i]) : "the file ends"));
    }
    if (lines[i].empty() || has_whitespace(lines[i])) {
      throw DataError(fmt::format(
          "{}: a vocabulary has one token a line, without whitespace, but this line is '{}'", where, lines[i]));
    }
    if (!vocabulary.add(lines[i])) {
      throw DataError(fmt::format("{}: the token '{}' is already on line {}; a token may occur only once", where,
                                  lines[i], vocabulary.id(lines[i]) + 1));
    }
  }
  return vocabulary;
}

}  // namespace regard::data
