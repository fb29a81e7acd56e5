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

bool is_mark(std::string_view word) { return word.size() > 2 && word.front() == '<' && word.back() == '>'; }

// Splits into code points, with ▁ between words. A ▁ in the text is decoded as a space, as in SentencePiece.
class Char final : public Tokenizer {
 public:
  explicit Char(bool marks) : marks_(marks) {}
  void for_each_token(std::string_view line, const std::function<void(std::string_view)>& token) const override {
    bool first = true;
    for_each_word(line, [&](std::string_view word) {
      if (!first) token(kVisibleSpace);
      first = false;
      if (marks_ && is_mark(word)) return token(word);
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

 private:
  bool marks_;
};

[[maybe_unused]] const bool word_registered =
    register_tokenizer({"word", "words between whitespace", {}, [](const config::Options&, Side) {
                          return std::make_unique<Word>();
                        }});
[[maybe_unused]] const bool char_registered = register_tokenizer(
    {"char",
     "code points, with ▁ for a space",
     {config::boolean_option(
         "marks", false, "a word in angle brackets, such as <PL>, is one token: for features beside characters")},
     [](const config::Options& options, Side) { return std::make_unique<Char>(options.boolean("marks")); }});

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
