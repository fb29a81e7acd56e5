#include "framework/decoding/sampling.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/base/parallel.h"
#include "framework/tensor/kernels_loss.h"

namespace regard::decoding {
namespace {

using Words = std::vector<Candidate>;

// The words of a row that may be drawn, by id, each with its log probability; NaN counts as the smallest number.
Words allowed(const Tensor& row, Index top_k, std::span<const Index> never, std::span<const Index> forbidden) {
  const auto among = [](std::span<const Index> words, Index word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  Words words;
  dispatch(row.type(), [&](auto tag) {
    const auto* const x = row.data<decltype(tag)>();
    const double shift = kernels::log_sum_exp(row.size(), x);
    for (Index word = 0; word < row.size(); ++word) {
      if (among(never, word) || among(forbidden, word)) continue;
      const double log_p = static_cast<double>(x[word]) - shift;
      words.push_back({word, std::isnan(log_p) ? -std::numeric_limits<double>::infinity() : log_p});
    }
  });
  if (top_k == 0 || static_cast<Index>(words.size()) <= top_k) return words;
  std::nth_element(words.begin(), words.begin() + top_k, words.end(), [](const auto& a, const auto& b) {
    return a.log_probability != b.log_probability ? a.log_probability > b.log_probability : a.word < b.word;
  });
  words.resize(static_cast<std::size_t>(top_k));
  // The range of a word depends only little on rounding.
  std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.word < b.word; });
  return words;
}

Candidate drawn_of(const Words& words, double temperature, double uniform) {
  if (words.empty()) return {kNoWord, -std::numeric_limits<double>::infinity()};
  double largest = words.front().log_probability;
  for (const Candidate& candidate : words) largest = std::max(largest, candidate.log_probability);
  std::vector<double> shares;
  double total = 0;
  for (const Candidate& candidate : words) {
    const double share = std::exp((candidate.log_probability - largest) / temperature);
    total += std::isfinite(share) ? share : 0;
    shares.push_back(total);
  }
  const double place = uniform * total;
  std::size_t at = 0;
  while (at + 1 < words.size() && !(shares[at] > place)) ++at;
  return words[at];
}

}  // namespace

void draw_words(const Tensor& logits, std::span<const Draw> draws, const SearchOptions& options,
                std::span<const Index> never, std::span<const std::vector<Index>> forbidden,
                std::vector<Candidate>& drawn) {
  drawn.resize(draws.size());
  parallel_for(static_cast<Index>(draws.size()), 1, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      const Draw& draw = draws[static_cast<std::size_t>(i)];
      const std::span<const Index> also =
          forbidden.empty() ? std::span<const Index>() : forbidden[static_cast<std::size_t>(draw.row)];
      const Words words = allowed(logits.slice(draw.row, 1), options.top_k, never, also);
      drawn[static_cast<std::size_t>(i)] = drawn_of(words, options.temperature, draw.key.uniform(draw.step));
    }
  });
}

}  // namespace regard::decoding
