#include "framework/experiment/translated.h"

namespace regard::experiment {

std::vector<std::string> tokens_of(const data::Vocabulary& target, const decoding::Translation& translation) {
  std::vector<std::string> tokens;
  for (const Index word : translation.words) tokens.push_back(target.token(static_cast<data::TokenId>(word)));
  return tokens;
}

std::vector<std::string> lines_of(const data::Prepared& prepared,
                                  const std::vector<decoding::Translation>& translations) {
  std::vector<std::string> lines;
  for (const auto& translation : translations) {
    lines.push_back(prepared.target_tokenizer->decode(tokens_of(prepared.target, translation)));
  }
  return lines;
}

}  // namespace regard::experiment
