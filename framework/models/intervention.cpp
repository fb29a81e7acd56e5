#include "framework/models/intervention.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "framework/autodiff/ops.h"
#include "framework/base/errors.h"

namespace regard::models {
namespace {

// Reduced precision rounds a product to about 3 digits.
constexpr double kTolerance = 0.02;

bool nearly_equal(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape()) return false;
  double largest = 0;
  double difference = 0;
  for (Index i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(b.at(i)));
    difference = std::max(difference, std::abs(a.at(i) - b.at(i)));
  }
  return difference <= kTolerance * largest;
}

void keep_sum(std::span<double> weights, Index only) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::fill(weights.begin(), weights.end(), 0.0);
  weights[static_cast<std::size_t>(only)] = sum;
}

}  // namespace

void replace_row(Replacement replacement, std::span<double> weights, const Key& key) {
  switch (replacement) {
    case Replacement::even: {
      const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
      std::fill(weights.begin(), weights.end(), sum / static_cast<double>(weights.size()));
      return;
    }
    case Replacement::shuffled:
      key.shuffle(weights);
      return;
    case Replacement::hardest:
      keep_sum(weights, std::max_element(weights.begin(), weights.end()) - weights.begin());
      return;
    case Replacement::shifted:
      std::rotate(weights.begin(), weights.end() - 1, weights.end());
      return;
    case Replacement::given:
      check(false, "given weights replace a row as they are");
  }
}

attention::Attended intervened(Tape& tape, const attention::Attended& attended, std::span<const Index> steps,
                               const attention::Source& source, const Intervention& intervention, Index first) {
  const Tensor own = attended.weights.value();  // [B, queries, S]
  const Index B = own.shape()[0];
  const Index queries = own.shape()[1];
  const Index S = own.shape()[2];
  const bool copies = !attended.copies.empty();
  // As the attention copies: from its weights, with the probability that is left.
  const auto copied = [&](Var weights) {
    const Tensor rest = tape.zeros(attended.generate.shape());
    for (Index i = 0; i < rest.size(); ++i) rest.set(i, 1 - attended.generate.value().at(i));
    return mul(weights, tape.input(rest));
  };
  if (!nearly_equal(attended.context.value(), attention::context_of(attended.weights, source).value()) ||
      (copies && !nearly_equal(attended.copies.value(), copied(attended.weights).value()))) {
    throw ConfigError(
        "its context is not its weights times the encoder's states, so no other weights can be put in their place");
  }
  const bool given = intervention.replacement == Replacement::given;
  check(static_cast<Index>(intervention.sentences.size()) == B,
        "an intervention knows each sentence of the batch");
  const Index rows = given ? intervention.given.size() / (B * S) : queries;
  check(first + queries <= rows || !given, "given weights have a row for each query");
  const Tensor replaced = tape.zeros(own.shape());
  const Key key(intervention.seed, "intervention");
  std::vector<double> row;
  for (Index b = 0; b < B; ++b) {
    const Index length = source.lengths[static_cast<std::size_t>(b)];
    for (Index q = 0; q < queries; ++q) {
      const Index begin = (b * queries + q) * S;
      const auto read = [&](const Tensor& from, Index at) {
        row.clear();
        for (Index s = 0; s < length; ++s) row.push_back(from.at(at + s));
      };
      given ? read(intervention.given, (b * rows + first + q) * S) : read(own, begin);
      if (!given) {
        replace_row(intervention.replacement, row,
                    key.with(intervention.sentences[static_cast<std::size_t>(b)])
                        .with(steps[static_cast<std::size_t>(q)]));
      } else if (std::all_of(row.begin(), row.end(), [](double weight) { return weight == 0; })) {
        read(own, begin);
      }
      for (Index s = 0; s < length; ++s) replaced.set(begin + s, row[static_cast<std::size_t>(s)]);
    }
  }
  attention::Attended result = attended;
  result.weights = tape.input(replaced);
  result.context = attention::context_of(result.weights, source);
  result.maps = {};
  if (copies) result.copies = copied(result.weights);
  return result;
}

}  // namespace regard::models
