#include "framework/data/tokenizer.h"

#include "framework/base/utf8.h"

namespace regard::data {
namespace {

class Word final : public Tokenizer {
 public:
  void for_each_token(std::string_view line, const std::function<void(std::string_view)>& token) const override {
    for_each_word(line, token);
  }
  std::string decode(std::span<const std::string> tokens) const override {
    std::string line;
    for (const std::string& token : tokens) {
      if (!line.empty()) line += ' ';
      line += token;
    }
    return line;
  }
};

// Splits into code points, with ▁ between words. A ▁ in the text is decoded as a space, as in SentencePiece.
class Char final : public Tokenizer {
 public:
  void for_each_token(std::string_view line, const std::function<void(std::string_view)>& token) const override {
    bool first = true;
    for_each_word(line, [&](std::string_view word) {
      if (!first) token(kVisibleSpace);
      first = false;
      for (std::size_t at = 0; at < word.size();) {
        const std::size_t begin = at;
        (void)utf8::decode(word, at);
        token(word.substr(begin, at - begin));
      }
    });
  }
  std::string decode(std::span<const std::string> tokens) const override {
    std::string line;
    for (const std::string& token : tokens) line += token == kVisibleSpace ? " " : token;
    return line;
  }
};

template <class T>
TokenizerKind without_options(const char* name, const char* summary) {
  return {name, summary, {}, [](const config::Options&, Side) { return std::make_unique<T>(); }};
}

[[maybe_unused]] const bool word_registered =
    register_tokenizer(without_options<Word>("word", "words between whitespace"));
[[maybe_unused]] const bool char_registered =
    register_tokenizer(without_options<Char>("char", "code points, with ▁ for a space"));

}  // namespace

void for_each_word(std::string_view line, const std::function<void(std::string_view)>& word) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t here = at;
    if (!utf8::is_whitespace(utf8::decode(line, at))) continue;
    if (here > begin) word(line.substr(begin, here - begin));
    begin = at;
  }
  if (begin < line.size()) word(line.substr(begin));
}

std::vector<std::string> Tokenizer::encode(std::string_view line) const {
  std::vector<std::string> tokens;
  for_each_token(line, [&](std::string_view token) { tokens.emplace_back(token); });
  return tokens;
}

Registry<TokenizerKind>& tokenizers() {
  static Registry<TokenizerKind> registry;
  return registry;
}

bool register_tokenizer(TokenizerKind tokenizer, const char* file, int line) {
  return tokenizers().add(std::move(tokenizer), file, line);
}

}  // namespace regard::data
