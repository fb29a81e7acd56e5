#include "framework/decoding/candidates.h"

#include <algorithm>
#include <limits>

#include "framework/base/parallel.h"
#include "framework/tensor/kernels_loss.h"

namespace regard::decoding {
namespace {

constexpr Index kBlock = 64;  // words that one look passes over

template <class T>
bool any_above(const T* x, Index n, T bound) {
  unsigned above = 0;
  for (Index i = 0; i < n; ++i) above |= static_cast<unsigned>(x[i] > bound);
  return above != 0;
}

template <class T>
void best_of_row(const T* x, Index V, std::span<const Index> never, std::span<const Index> forbidden,
                 std::span<Candidate> best) {
  const double shift = kernels::log_sum_exp(V, x);
  // Inserts into a short sorted list; most blocks have no word for it.
  std::size_t found = 0;
  for (Index begin = 0; begin < V; begin += kBlock) {
    const Index end = std::min(V, begin + kBlock);
    if (found == best.size() && !any_above(x + begin, end - begin, static_cast<T>(best.back().log_probability))) {
      continue;
    }
    for (Index i = begin; i < end; ++i) {
      const auto value = static_cast<double>(x[i]);
      if (found == best.size() && !(value > best.back().log_probability)) continue;
      if (std::find(never.begin(), never.end(), i) != never.end()) continue;
      if (std::find(forbidden.begin(), forbidden.end(), i) != forbidden.end()) continue;
      std::size_t at = found < best.size() ? found++ : found - 1;
      for (; at > 0 && value > best[at - 1].log_probability; --at) best[at] = best[at - 1];
      best[at] = {i, value};
    }
  }
  for (std::size_t at = found; at < best.size(); ++at)
    best[at] = {kNoWord, -std::numeric_limits<double>::infinity()};
  for (Candidate& candidate : best.first(found)) candidate.log_probability -= shift;
}

}  // namespace

void best_words(const Tensor& logits, Index count, std::span<const Index> never, std::vector<Candidate>& best,
                std::span<const std::vector<Index>> forbidden) {
  const Index V = logits.cols();
  check(count >= 1 && count + static_cast<Index>(never.size()) <= V,
        "best_words: more words asked for than there are");
  check(forbidden.empty() || static_cast<Index>(forbidden.size()) == logits.rows(),
        "best_words: forbidden words are a list for each row");
  best.resize(static_cast<std::size_t>(logits.rows() * count));
  dispatch(logits.type(), [&](auto tag) {
    using T = decltype(tag);
    const T* const x = logits.data<T>();
    parallel_for(logits.rows(), 1, [&](Index begin, Index end) {
      for (Index row = begin; row < end; ++row) {
        const std::span<const Index> also =
            forbidden.empty() ? std::span<const Index>() : forbidden[static_cast<std::size_t>(row)];
        best_of_row(
            x + row * V, V, never, also,
            std::span(best).subspan(static_cast<std::size_t>(row * count), static_cast<std::size_t>(count)));
      }
    });
  });
}

}  // namespace regard::decoding
