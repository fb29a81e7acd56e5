#pragma once
// Tokens and their ids. The first four ids are special and never mean a word of the text: a token of the corpus with
// the spelling "</s>" is an ordinary token with its own id (or unknown), never the end of a sentence.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "framework/base/base.h"

namespace regard::data {

using TokenId = std::int32_t;
inline constexpr TokenId kPad = 0;  // <pad>  after the end of a sentence in a batch
inline constexpr TokenId kUnk = 1;  // <unk>  a token that is not in the vocabulary
inline constexpr TokenId kBos = 2;  // <s>    starts the decoder's input
inline constexpr TokenId kEos = 3;  // </s>   ends every sentence
inline constexpr TokenId kSpecials = 4;

struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

// Counts how often each token was seen. Tokens are numbered from 0 in the order of their first occurrence.
class TokenCounts final {
 public:
  void add(std::string_view token) { add(number(token)); }
  [[nodiscard]] TokenId number(std::string_view token);  // not counted yet
  void add(TokenId number) { ++counts_[static_cast<std::size_t>(number)]; }
  [[nodiscard]] Index count(TokenId number) const { return counts_[static_cast<std::size_t>(number)]; }
  [[nodiscard]] const auto& numbers() const noexcept { return numbers_; }  // token -> number

 private:
  std::unordered_map<std::string, TokenId, StringHash, std::equal_to<>> numbers_;
  std::vector<Index> counts_;
};

class Vocabulary final {
 public:
  Vocabulary();  // only the special tokens

  // Makes a vocabulary of the tokens that were counted at least min_frequency times: most frequent first, equally
  // frequent ones in the order of their bytes. If max_size is not 0, it has at most max_size tokens besides the four
  // special ones.
  Vocabulary(const TokenCounts& counts, Index min_frequency, Index max_size);

  [[nodiscard]] Index size() const noexcept {
    return static_cast<Index>(tokens_.size());
  }                                                                 // with the four special tokens
  [[nodiscard]] TokenId id(std::string_view token) const noexcept;  // kUnk if unknown
  [[nodiscard]] const std::string& token(TokenId id) const;         // InternalError if id is outside

  // Returns one token in each line, in the order of the ids. The first four lines are <pad>, <unk>, <s>, </s>.
  [[nodiscard]] std::string to_text() const;
  [[nodiscard]] static Vocabulary load(const std::filesystem::path& file);  // DataError with file:line

  friend bool operator==(const Vocabulary& a, const Vocabulary& b) { return a.tokens_ == b.tokens_; }

 private:
  bool add(std::string token);  // returns false if it exists

  std::vector<std::string> tokens_;
  std::unordered_map<std::string, TokenId, StringHash, std::equal_to<>> ids_;
};

}  // namespace regard::data
