#include "framework/decoding/candidates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "framework/base/random.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using decoding::Candidate;

std::vector<Candidate> best_of(const std::vector<double>& logits, Index rows, Index count,
                               const std::vector<Index>& never = {}, DType type = DType::f64) {
  const Leaf leaf({rows, static_cast<Index>(logits.size()) / rows}, logits, type);
  std::vector<Candidate> best{{99, 99}};  // earlier content is removed
  decoding::best_words(leaf.value(), count, never, best);
  return best;
}
std::vector<Index> words(const std::vector<Candidate>& candidates) {
  std::vector<Index> all;
  for (const auto& candidate : candidates) all.push_back(candidate.word);
  return all;
}

using Words = std::vector<Index>;

}  // namespace

TEST_CASE("best_words: they are the first after sorting") {
  for (const DType type : {DType::f64, DType::f32}) {
    for (const Index V : {3, 7, 50, 64, 65, 300}) {
      constexpr Index kRows = 4;
      std::vector<double> logits(static_cast<std::size_t>(kRows * V));
      // Few values, so that there are ties.
      for (std::size_t i = 0; i < logits.size(); ++i) {
        logits[i] = 0.25 * static_cast<double>(Key(3, "logits").with(V).below(20, static_cast<Index>(i)));
      }
      const std::vector<Index> never{2, 0};
      for (Index count = 1; count <= std::min<Index>(V - 2, 60); count += V > 60 ? 13 : 1) {
        const auto best = best_of(logits, kRows, count, never, type);
        REQUIRE(static_cast<Index>(best.size()) == kRows * count);
        for (Index row = 0; row < kRows; ++row) {
          const double* x = logits.data() + row * V;
          double total = 0;
          for (Index i = 0; i < V; ++i) total += std::exp(x[i]);
          Words order(static_cast<std::size_t>(V));
          std::iota(order.begin(), order.end(), 0);
          std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return x[a] > x[b]; });
          std::erase_if(order, [](Index word) { return word == 0 || word == 2; });
          for (Index i = 0; i < count; ++i) {
            const auto& candidate = best[static_cast<std::size_t>(row * count + i)];
            CHECK(candidate.word == order[static_cast<std::size_t>(i)]);
            CHECK(candidate.log_probability ==
                  Approx(x[candidate.word] - std::log(total)).epsilon(type == DType::f64 ? 1e-12 : 1e-5));
          }
        }
      }
    }
  }
}

TEST_CASE("best_words: ties go to the smaller id") {
  CHECK(words(best_of({1, 2, 2, 1, 2}, 1, 4)) == Words{1, 2, 4, 0});
  CHECK(words(best_of({5, 5, 5}, 1, 2, {0})) == Words{1, 2});
}

TEST_CASE("best_words: probabilities are relative to all words even if some are never taken") {
  const auto best = best_of({0, 0, 0, 0}, 1, 1, {0, 1});
  CHECK(best[0].word == 2);
  CHECK(best[0].log_probability == Approx(std::log(0.25)));
}

TEST_CASE("best_words: huge logits give finite probabilities") {
  const auto best = best_of({3e4, -3e4, 2.9e4}, 1, 3);
  CHECK(words(best) == Words{0, 2, 1});
  CHECK(best[0].log_probability == 0);
  CHECK(best[2].log_probability == -6e4);
}

TEST_CASE("best_words: logits that are not finite still give the requested number of different words") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double inf = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& logits :
       {std::vector<double>{nan, nan, nan, nan, nan}, std::vector<double>{1, nan, 2, nan, 0},
        std::vector<double>{nan, 1, 2, 3, 4}, std::vector<double>{-inf, -inf, -inf, -inf, -inf},
        std::vector<double>{inf, 0, inf, -inf, nan}}) {
    for (Index count = 1; count <= 3; ++count) {
      Words found = words(best_of(logits, 1, count, {0, 2}));
      std::sort(found.begin(), found.end());
      CHECK(std::adjacent_find(found.begin(), found.end()) == found.end());
      CHECK(static_cast<Index>(found.size()) == count);
      for (const Index word : found) CHECK((word == 1 || word == 3 || word == 4));
    }
  }
}

TEST_CASE("best_words: more words than the vocabulary has are refused") {
  CHECK(internal_error([] {
          static_cast<void>(best_of({1, 2, 3}, 1, 3, {0}));
        }) == "best_words: more words asked for than there are");
  CHECK(internal_error([] {
          static_cast<void>(best_of({1, 2, 3}, 1, 0));
        }) == "best_words: more words asked for than there are");
}

TEST_CASE("best_words: forbidden words are left out and places without a word have none") {
  const Leaf leaf({2, 4}, {1, 2, 3, 4, 1, 2, 3, 4}, DType::f64);
  std::vector<Candidate> best;
  const std::vector<Words> forbidden{{3}, {3, 2, 1}};
  decoding::best_words(leaf.value(), 2, std::vector<Index>{0}, best, forbidden);
  CHECK(words(best) == Words{2, 1, decoding::kNoWord, decoding::kNoWord});
  CHECK(best[0].log_probability == Approx(3 - std::log(std::exp(1) + std::exp(2) + std::exp(3) + std::exp(4))));
  CHECK(internal_error([&] { decoding::best_words(leaf.value(), 2, {}, best, std::span(forbidden).first(1)); }) ==
        "best_words: forbidden words are a list for each row");
}

}  // namespace regard::testing
