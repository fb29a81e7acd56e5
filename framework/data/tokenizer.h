#pragma once
// Tokenisers convert a line to tokens and back. A tokeniser may first learn from the training text (subword models do);
// its learned state can be saved and restored. After learning it is constant and may be used from several threads.
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/registry.h"
#include "framework/config/options.h"

namespace regard::data {

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // Learns from the training text: the lines of one side, or of both sides if they share a tokeniser. Called once,
  // unless recall() is called. DataError if it cannot learn from this text.
  virtual void train(std::span<const std::span<const std::string>> /*texts*/) {}

  // Returns the learned state as the bytes of a file; empty if there is nothing to learn. recall() loads these bytes
  // instead of train(). DataError, starting with `name`, for bytes of another kind.
  [[nodiscard]] virtual std::string learned() const { return {}; }
  virtual void recall(std::string_view /*bytes*/, const std::string& /*name*/) {}

  // Returns whether train() needs the whole text in memory.
  [[nodiscard]] virtual bool learns() const { return false; }

  // Returns whether training draws from several encodings of a line. If so, for_each_encoding calls take(tokens,
  // weight) for each, the best one first; weights are > 0 and may have any sum. Validation and test sets use only the
  // best one, which is that of for_each_token.
  [[nodiscard]] virtual bool several() const { return false; }
  using EncodingCallback = std::function<void(std::vector<std::string> tokens, double weight)>;
  virtual void for_each_encoding(std::string_view line, const EncodingCallback& receive) const {
    receive(encode(line), 1);
  }

  // Calls token(text) for each token of the line, in order. A token is not empty and has no whitespace (as defined by
  // Python's str.isspace). The line must be valid UTF-8. The views are valid during the call.
  virtual void for_each_token(std::string_view line, const std::function<void(std::string_view)>& token) const = 0;

  // Returns the line of these tokens. decode(encode(line)) is the line without whitespace at its ends and with each run
  // of whitespace replaced by one space.
  [[nodiscard]] virtual std::string decode(std::span<const std::string> tokens) const = 0;

  [[nodiscard]] std::vector<std::string> encode(std::string_view line) const;
};

using TokenizerPtr = std::unique_ptr<Tokenizer>;
enum class Side : std::uint8_t { source, target };

// A registered kind of tokeniser: "word", "char", "sentencepiece".
struct TokenizerKind {
  static constexpr const char* kind = "tokenizer";
  std::string name;
  std::string summary;
  std::vector<config::OptionRow> options;
  // Makes a tokeniser from options of these rows. ConfigError with the place if options contradict each other.
  std::function<TokenizerPtr(const config::Options&, Side)> make;
  // Returns whether both sides share one tokeniser (made for Side::source). By default each side has its own.
  std::function<bool(const config::Options&)> joint = {};
};

// Calls word(text) for each word between whitespace, like Python's str.split() without arguments.
void for_each_word(std::string_view line, const std::function<void(std::string_view)>& word);

inline constexpr std::string_view kVisibleSpace = "\u2581";  // ▁, for a space before a token

[[nodiscard]] Registry<TokenizerKind>& tokenizers();
bool register_tokenizer(TokenizerKind tokenizer, const char* file = __builtin_FILE(), int line = __builtin_LINE());

}  // namespace regard::data
