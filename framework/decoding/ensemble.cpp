#include "framework/decoding/ensemble.h"

#include <algorithm>
#include <cmath>

#include "framework/base/parallel.h"
#include "framework/tensor/kernels_loss.h"

namespace regard::decoding {
namespace {

// sum_i p_i, row by row.
template <class T>
void add_probabilities(const T* x, Index V, double* sum) {
  const double shift = kernels::log_sum_exp(V, x);
  for (Index w = 0; w < V; ++w) sum[w] += std::exp(static_cast<double>(x[w]) - shift);
}

}  // namespace

void mean_log_probabilities(std::span<const Tensor> logits, std::vector<double>& y) {
  const Index V = logits.front().cols();
  const Index rows = logits.front().rows();
  for (const Tensor& x : logits)
    check(x.cols() == V && x.rows() == rows, "an ensemble's members share their hypotheses and vocabulary");
  y.assign(static_cast<std::size_t>(rows * V), 0);
  parallel_for(rows, 1, [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      double* const sum = y.data() + row * V;
      for (const Tensor& x : logits)
        dispatch(x.type(), [&](auto tag) {
          add_probabilities(static_cast<const decltype(tag)*>(x.raw()) + row * V, V, sum);
        });
      const auto n = static_cast<double>(logits.size());
      for (Index w = 0; w < V; ++w) sum[w] = std::log(sum[w] / n);
    }
  });
}

void add_weights(const Tensor& x, std::vector<float>& sum) {
  dispatch(x.type(), [&](auto tag) {
    const auto* const from = x.data<decltype(tag)>();
    if (sum.empty()) return sum.assign(from, from + x.size());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<float>(from[i]);
  });
}

void name_further(Translation& translation, const data::Batch& batch, std::size_t sentence, Index V) {
  for (Index& word : translation.words) {
    if (word >= V) word = batch.further_words[sentence][static_cast<std::size_t>(word - V)];
  }
}

void divide_weights(std::vector<float>& sum, Index scorers) {
  if (scorers < 2) return;
  for (float& weight : sum) weight /= static_cast<float>(scorers);
}

Ensemble::Ensemble(std::span<const models::Seq2Seq* const> models, const Replaced* replaced) {
  check(!models.empty(), "an ensemble has a model at least");
  check(replaced == nullptr || models.size() == 1, "the weights of one model are replaced at a time");
  for (const models::Seq2Seq* model : models) {
    check(model->target_vocabulary() == models.front()->target_vocabulary(),
          "an ensemble's members share their vocabulary");
    check(model->copies() == models.front()->copies(), "all members of an ensemble copy, or none");
    replaced == nullptr ? scorers_.emplace_back(*model) : scorers_.emplace_back(*model, *replaced);
  }
}

void Ensemble::start(const data::Batch& batch) {
  for (StepScorer& scorer : scorers_) scorer.start(batch);
}

Ensemble::Output Ensemble::step(const Rows& rows) {
  Output output;
  std::vector<Tensor> logits;
  Index attending = 0;
  weights_.clear();
  for (StepScorer& scorer : scorers_) {
    const StepScorer::Output one = scorer.step(rows);
    logits.push_back(one.logits);
    if (one.weights.empty()) continue;
    add_weights(one.weights, weights_);
    output.columns = one.weights.cols();
    ++attending;
  }
  divide_weights(weights_, attending);
  if (attending > 0) output.weights = weights_.data();
  if (scorers_.size() == 1) {
    output.logits = logits.front();
  } else {
    mean_log_probabilities(logits, mean_);
    output.logits = {mean_.data(), DType::f64, logits.front().shape()};
  }
  return output;
}

void Ensemble::keep(std::span<const Index> stay) {
  for (StepScorer& scorer : scorers_) scorer.keep(stay);
}

}  // namespace regard::decoding
