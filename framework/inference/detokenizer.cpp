#include "framework/inference/detokenizer.h"

#include <fmt/format.h>

namespace regard::inference {

Detokenizer::Detokenizer(std::shared_ptr<const data::Tokenizer> tokenizer, const data::Vocabulary& vocabulary,
                         const decoding::SearchOptions& options)
    : tokenizer_(std::move(tokenizer)), vocabulary_(vocabulary), replaces_(options.replace_unknown) {
  if (!options.dictionary.empty()) dictionary_ = decoding::Dictionary::load(options.dictionary.expanded);
}

std::vector<std::string> Detokenizer::tokens(const decoding::Translation& translation,
                                             const data::FurtherWords* further) const {
  std::vector<std::string> tokens;
  for (const Index word : translation.words) {
    const auto id = static_cast<data::TokenId>(word);
    tokens.push_back(further != nullptr && word >= vocabulary_.size() ? further->token(id)
                                                                      : vocabulary_.token(id));
  }
  return tokens;
}

std::vector<std::string> Detokenizer::written(const decoding::Translation& translation,
                                              const std::vector<std::string>& source,
                                              const data::FurtherWords* further) const {
  std::vector<std::string> all = tokens(translation, further);
  if (replaces_) decoding::replace_unknown(translation, source, dictionary_, all);
  return all;
}

std::string score_text(double score, double log_probability) {
  return fmt::format("score: {:.6g} log_p: {:.6g}", score, log_probability);
}

std::string nbest_entry(Index line, const std::string& text, double score, double log_probability) {
  return fmt::format("{} ||| {} ||| {}", line, text, score_text(score, log_probability));
}

}  // namespace regard::inference
