#pragma once
// Converts a translation from ids to text: its tokens, with <unk> replaced if the options say so, and the line.
#include <memory>
#include <string>
#include <vector>

#include "framework/data/copies.h"
#include "framework/data/prepare.h"
#include "framework/decoding/search.h"
#include "framework/decoding/unknown.h"

namespace regard::inference {

class Detokenizer final {
 public:
  // DataError if the dictionary cannot be used.
  Detokenizer(std::shared_ptr<const data::Tokenizer> tokenizer, const data::Vocabulary& vocabulary,
              const decoding::SearchOptions& options);

  // Returns the model's own tokens. `further` has the words beyond the vocabulary, if the model copies.
  [[nodiscard]] std::vector<std::string> tokens(const decoding::Translation& translation,
                                                const data::FurtherWords* further = nullptr) const;
  // Returns whether written() needs the tokens of the source.
  [[nodiscard]] bool replaces() const noexcept { return replaces_; }
  // Returns the tokens to print. `source` are the source tokens as written.
  [[nodiscard]] std::vector<std::string> written(const decoding::Translation& translation,
                                                 const std::vector<std::string>& source,
                                                 const data::FurtherWords* further = nullptr) const;
  [[nodiscard]] std::string line(std::span<const std::string> tokens) const { return tokenizer_->decode(tokens); }

 private:
  std::shared_ptr<const data::Tokenizer> tokenizer_;
  const data::Vocabulary& vocabulary_;
  bool replaces_;
  decoding::Dictionary dictionary_;
};

// Returns one entry of an n-best list in Moses' format: "0 ||| le chat ||| score: -0.31 log_p: -1.24". `line` counts
// from 0.
[[nodiscard]] std::string nbest_entry(Index line, const std::string& text, double score, double log_probability);
// Returns the last part of an entry: "score: -0.31 log_p: -1.24".
[[nodiscard]] std::string score_text(double score, double log_probability);

}  // namespace regard::inference
