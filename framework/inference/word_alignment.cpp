#include "framework/inference/word_alignment.h"

#include <fmt/format.h>

#include "framework/evaluation/alignment.h"
#include "framework/evaluation/pieces.h"

namespace regard::inference {

std::optional<WeightMatrix> word_weights(const WeightMatrix& weights, const Tokenised& source,
                                         const Tokenised& target) {
  std::optional<std::vector<Index>> source_words = evaluation::words_of_tokens(source.line, source.tokens);
  std::optional<std::vector<Index>> target_words = evaluation::words_of_tokens(target.line, target.tokens);
  if (!source_words || !target_words) return std::nullopt;
  const auto fits = [](const std::vector<Index>& words, Index positions) {
    const auto count = static_cast<Index>(words.size());
    return count == positions || count + 1 == positions;
  };
  if (!fits(*source_words, weights.sources) || !fits(*target_words, weights.targets)) return std::nullopt;
  source_words->resize(static_cast<std::size_t>(weights.sources), -1);  // </s>
  target_words->resize(static_cast<std::size_t>(weights.targets), -1);
  return evaluation::words_from_pieces(weights, *source_words, *target_words);
}

std::string hard_pharaoh(const WeightMatrix& words) {
  std::string text;
  for (const evaluation::Link& link : evaluation::hard_alignment(words, words.sources, words.targets))
    text += fmt::format("{}{}-{}", text.empty() ? "" : " ", link.source, link.target);
  return text;
}

std::string soft_pharaoh(const WeightMatrix& words) {
  constexpr double kLeast = 0.005;  // what rounds to 0.01
  std::string text;
  for (Index t = 0; t < words.targets; ++t) {
    for (Index s = 0; s < words.sources; ++s) {
      const double weight = words.row(t)[static_cast<std::size_t>(s)];
      if (weight >= kLeast) text += fmt::format("{}{}-{}:{:.2f}", text.empty() ? "" : " ", s, t, weight);
    }
  }
  return text;
}

}  // namespace regard::inference
