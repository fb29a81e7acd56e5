#include "framework/report/lengths.h"

#include <algorithm>
#include <functional>

#include "framework/evaluation/bleu.h"

namespace regard::report {
namespace {

struct Cut {
  LengthBucket facts;
  std::vector<Index> sentences;
};

std::vector<Cut> cut_by_length(const TestSet& test, Index most) {
  std::vector<std::pair<Index, Index>> order;  // length, sentence
  for (std::size_t i = 0; i < test.source_tokens.size(); ++i) {
    order.emplace_back(count_tokens(test.source_tokens[i]), static_cast<Index>(i));
  }
  std::sort(order.begin(), order.end());
  std::vector<Cut> cuts;
  const auto total = static_cast<Index>(order.size());
  for (Index i = 0; i < total; ++i) {
    const auto [length, sentence] = order[static_cast<std::size_t>(i)];
    const auto opened = static_cast<Index>(cuts.size());
    const bool full = cuts.empty() || (i >= opened * total / most && length != cuts.back().facts.longest);
    if (full) cuts.push_back({{length, length, 0, 0, {}}, {}});
    Cut& cut = cuts.back();
    cut.facts.longest = length;
    cut.facts.mean_length += static_cast<double>(length);
    cut.sentences.push_back(sentence);
  }
  for (Cut& cut : cuts) {
    cut.facts.sentences = static_cast<Index>(cut.sentences.size());
    cut.facts.mean_length /= static_cast<double>(cut.facts.sentences);
  }
  return cuts;
}

}  // namespace

Index count_tokens(const std::string& line) {
  return line.empty() ? 0 : 1 + static_cast<Index>(std::count(line.begin(), line.end(), ' '));
}

std::vector<LengthBucket> bleu_by_length(const TestSet& test, const std::vector<SystemSummary>& systems,
                                         const std::string& tokenizer, Index most) {
  std::vector<Cut> cuts = cut_by_length(test, most);
  evaluation::BleuOptions options;
  options.tokenizer = evaluation::tokenizer_named(tokenizer);
  const evaluation::Bleu bleu(options);
  for (const SystemSummary& system : systems) {
    std::vector<std::vector<double>> scores(cuts.size());
    for (const Run* run : system.finished) {
      const evaluation::Statistics rows = bleu.statistics(run->hypotheses.at(test.name), {test.target});
      for (std::size_t c = 0; c < cuts.size(); ++c) {
        std::vector<double> sum(static_cast<std::size_t>(rows.width), 0.0);
        for (const Index sentence : cuts[c].sentences) {
          const auto row = rows.row(sentence);
          std::transform(sum.begin(), sum.end(), row.begin(), sum.begin(), std::plus<>());
        }
        scores[c].push_back(bleu.score(sum));
      }
    }
    for (std::size_t c = 0; c < cuts.size(); ++c) cuts[c].facts.bleu.push_back(spread(scores[c]));
  }
  std::vector<LengthBucket> buckets;
  for (Cut& cut : cuts) buckets.push_back(std::move(cut.facts));
  return buckets;
}

}  // namespace regard::report
