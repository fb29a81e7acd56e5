#include "framework/evaluation/resampling.h"

#include <fmt/format.h>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/evaluation/bleu.h"
#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

Statistics sample(int step) {
  Lines hypotheses;
  Lines references;
  for (int i = 0; i < 300; ++i) {
    hypotheses.push_back(fmt::format("a b c d{} e{} f", i % 3, i % step));
    references.push_back(fmt::format("a b c d{} e{} f", i % 3, i % 2));
  }
  return Bleu().statistics(hypotheses, {references});
}

}  // namespace

TEST_CASE("resampling: results are equal for any number of threads") {
  const Statistics first = sample(3);
  const Statistics second = sample(5);
  const Statistics* const systems[] = {&first, &second};
  const int before = threads();
  set_threads(1);
  const auto one = bootstrap_scores(Bleu(), systems, 500);
  const auto alone = paired_randomisation(Bleu(), systems, 300);
  set_threads(4);
  CHECK(bootstrap_scores(Bleu(), systems, 500) == one);
  CHECK(paired_randomisation(Bleu(), systems, 300)[1].p_value == alone[1].p_value);
  set_threads(before);
}

TEST_CASE("resampling: many samples are the same as drawn one after the other for any block size") {
  const Statistics one = sample(3);
  const Statistics* const systems[] = {&one};
  constexpr Index kSamples = 2000;  // more draws than fit into one block
  NumpyRandom random(7);
  const std::vector<double> scores = bootstrap_scores(Bleu(), systems, kSamples, random)[0];
  NumpyRandom again(7);
  std::vector<double> expected;
  for (Index sample = 0; sample < kSamples; ++sample) {
    std::vector<double> sum(static_cast<std::size_t>(one.width));
    for (Index i = 0; i < one.segments(); ++i) {
      const auto row = one.row(static_cast<Index>(again.below(static_cast<std::uint64_t>(one.segments()))));
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += row[k];
    }
    expected.push_back(Bleu().score(sum));
  }
  CHECK(scores == expected);
}

TEST_CASE("resampling: a system is resampled equally alone and with others") {
  const Statistics first = sample(3);
  const Statistics second = sample(5);
  const Statistics* const both[] = {&first, &second};
  const Statistics* const alone[] = {&second};
  CHECK(bootstrap_scores(Bleu(), both, 200)[1] == bootstrap_scores(Bleu(), alone, 200)[0]);
}

TEST_CASE("resampling: the confidence interval leaves out a fortieth at each end") {
  std::vector<double> scores;
  for (int i = 100; i > 0; --i) scores.push_back(i);
  const Confidence confidence = confidence_of(scores);
  CHECK(confidence.mean == 50.5);
  CHECK(confidence.half_width == 47.5);  // half of 98 - 3
  CHECK(confidence_of({5.0}).half_width == 0.0);
}

TEST_CASE("resampling: the mean of the scores is the exact mean rounded once") {
  CHECK(confidence_of(std::vector<double>(10, 0.1)).mean == 0.1);  // summed in order: 0.09999999999999999
  CHECK(confidence_of({1e16, 1.0, -1e16}).mean == 1.0 / 3.0);
  // Equals Python's statistics.mean; with a sum that is rounded before the division it would be 33.81428571428571.
  CHECK(confidence_of({43.8, 49.6, 23.3, 23.1, 21.9, 46.0, 29.0}).mean == 33.81428571428572);
  CHECK(confidence_of({30.7, 31.9, 29.3, 30.1, 33.7, 28.9, 30.3}).mean == 30.7);
}

TEST_CASE("resampling: equal systems have the smallest p-value as in sacreBLEU") {
  const Statistics one = sample(3);
  const Statistics* const systems[] = {&one, &one};
  CHECK(paired_bootstrap(Bleu(), systems, 999)[1].p_value == 1.0 / 1000);
  CHECK(paired_randomisation(Bleu(), systems, 999)[1].p_value == 1.0 / 1000);
  CHECK(paired_bootstrap(Bleu(), systems, 99)[1].never_differs);
  const Statistics two = sample(5);
  const Statistics* const apart[] = {&one, &two};
  CHECK_FALSE(paired_bootstrap(Bleu(), apart, 99)[1].never_differs);
}

TEST_CASE("resampling: one segment can be resampled") {
  const Statistics one = Bleu().statistics({"a b c d"}, {{"a b c d e"}});
  CHECK(bootstrap_confidence(Bleu(), one, 50).half_width == 0.0);
}

TEST_CASE("resampling: systems with different segments are an internal error") {
  const Statistics one = sample(3);
  const Statistics two = Bleu().statistics({"a"}, {{"a"}});
  const Statistics* const systems[] = {&one, &two};
  CHECK_THROWS_AS(paired_bootstrap(Bleu(), systems), InternalError);
}

}  // namespace regard::evaluation
