#pragma once
// From a line to tokens and back. A tokeniser may learn from the training text first (subword models do; the two
// here have nothing to learn). Afterwards it is constant and may be used from several threads.
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

  // Learns from the lines of the training text (one side, or both where the sides share a tokeniser). Called once.
  virtual void train(std::span<const std::string> /*lines*/) {}

  // Calls token(text) for each token of the line in order. A token is not empty and has no whitespace (as Python's
  // str.isspace has it). The line must be valid UTF-8; the views live as long as the call.
  virtual void for_each_token(std::string_view line, const std::function<void(std::string_view)>& token) const = 0;

  // The line that the tokens stand for. decode(encode(line)) is the line with whitespace trimmed and each run of
  // it made one space.
  [[nodiscard]] virtual std::string decode(std::span<const std::string> tokens) const = 0;

  [[nodiscard]] std::vector<std::string> encode(std::string_view line) const;
};

using TokenizerPtr = std::unique_ptr<Tokenizer>;

// One registered kind of tokeniser: "word" and "char".
struct TokenizerKind {
  static constexpr const char* kind = "tokenizer";
  std::string name;
  std::string summary;
  std::vector<config::OptionRow> options;
  std::function<TokenizerPtr(const config::Options&)> make;  // options of those rows
};

[[nodiscard]] Registry<TokenizerKind>& tokenizers();
bool register_tokenizer(TokenizerKind tokenizer, const char* file = __builtin_FILE(), int line = __builtin_LINE());

}  // namespace regard::data
