#include "framework/data/batch.h"

#include <algorithm>
#include <numeric>

#include "framework/base/errors.h"
#include "framework/base/random.h"

namespace regard::data {
namespace {

// What a batch grows to when a sentence joins it.
struct Extent {
  Index B = 0, S = 0, T = 0;

  void add(const Dataset& dataset, Index sentence) {
    ++B;
    S = std::max(S, dataset.source.length(sentence) + 1);
    T = std::max(T, dataset.target.length(sentence) + 1);
  }
  [[nodiscard]] bool fits(const BatchSize& size) const {
    return B == 1 || (size.tokens > 0 ? B * T <= size.tokens : B <= size.sentences);
  }
};

bool shorter(const Dataset& dataset, Index a, Index b) {
  const Index source_a = dataset.source.length(a);
  const Index source_b = dataset.source.length(b);
  return source_a != source_b ? source_a < source_b : dataset.target.length(a) < dataset.target.length(b);
}

// Appends batches of the sentences [first, last) of the order, as they stand there.
void cut(const Dataset& dataset, const BatchSize& size, Index first, Index last, BatchOrder& order) {
  Extent extent;
  for (Index i = first; i < last; ++i) {
    const Index sentence = order.sentences[static_cast<std::size_t>(i)];
    extent.add(dataset, sentence);
    if (extent.fits(size)) continue;
    order.begins.push_back(i);
    extent = {};
    extent.add(dataset, sentence);
  }
  if (first < last) order.begins.push_back(last);
}

BatchOrder shuffled_batches(const BatchOrder& order, const Key& key) {
  std::vector<Index> which(static_cast<std::size_t>(order.size()));
  std::iota(which.begin(), which.end(), Index{0});
  key.shuffle(std::span<Index>(which));
  BatchOrder out;
  out.sentences.reserve(order.sentences.size());
  for (const Index b : which) {
    const std::span<const Index> batch = order[b];
    out.sentences.insert(out.sentences.end(), batch.begin(), batch.end());
    out.begins.push_back(static_cast<Index>(out.sentences.size()));
  }
  return out;
}

void require_one_limit(const BatchSize& size) {
  check((size.tokens > 0) != (size.sentences > 0),
        "a batch is limited by tokens or by sentences, not by both or none");
}

BatchOrder all_sentences(const Dataset& dataset) {
  BatchOrder order;
  order.sentences.resize(static_cast<std::size_t>(dataset.size()));
  std::iota(order.sentences.begin(), order.sentences.end(), Index{0});
  return order;
}

}  // namespace

BatchOrder training_order(const Dataset& dataset, const BatchSize& size, std::uint64_t seed, Index epoch) {
  require_one_limit(size);
  const Key key = Key(seed, "data order").with(epoch);
  BatchOrder order = all_sentences(dataset);
  key.with("sentences").shuffle(std::span<Index>(order.sentences));
  const Index count = dataset.size();
  const Index pools = (count + kPool - 1) / kPool;
  for (Index pool = 0; pool < pools; ++pool) {
    const Index first = count * pool / pools;
    const Index last = count * (pool + 1) / pools;
    std::stable_sort(order.sentences.begin() + first, order.sentences.begin() + last,
                     [&](Index a, Index b) { return shorter(dataset, a, b); });
    cut(dataset, size, first, last, order);
  }
  return shuffled_batches(order, key.with("batches"));
}

BatchOrder evaluation_order(const Dataset& dataset, const BatchSize& size) {
  require_one_limit(size);
  BatchOrder order = all_sentences(dataset);
  std::stable_sort(order.sentences.begin(), order.sentences.end(),
                   [&](Index a, Index b) { return shorter(dataset, b, a); });
  cut(dataset, size, 0, dataset.size(), order);
  return order;
}

void fill(const Dataset& dataset, std::span<const Index> sentences, Batch& batch) {
  Extent extent;
  for (const Index sentence : sentences) extent.add(dataset, sentence);
  const auto [B, S, T] = extent;
  batch.B = B;
  batch.S = S;
  batch.T = T;
  batch.target_tokens = 0;
  batch.source.assign(static_cast<std::size_t>(B * S), kPad);
  batch.target_in.assign(static_cast<std::size_t>(B * T), kPad);
  batch.target_out.assign(static_cast<std::size_t>(B * T), kPad);
  batch.source_lengths.clear();
  batch.target_lengths.clear();
  batch.sentences.assign(sentences.begin(), sentences.end());
  for (Index b = 0; b < B; ++b) {
    const Index sentence = sentences[static_cast<std::size_t>(b)];
    const std::span<const TokenId> x = dataset.source[sentence];
    const std::span<const TokenId> y = dataset.target[sentence];
    *std::copy(x.begin(), x.end(), batch.source.begin() + b * S) = kEos;
    *std::copy(y.begin(), y.end(), batch.target_out.begin() + b * T) = kEos;
    const auto in = batch.target_in.begin() + b * T;
    *in = kBos;
    std::copy(y.begin(), y.end(), in + 1);
    batch.source_lengths.push_back(static_cast<Index>(x.size()) + 1);
    batch.target_lengths.push_back(static_cast<Index>(y.size()) + 1);
    batch.target_tokens += batch.target_lengths.back();
  }
}

void reserve(const Dataset& dataset, const BatchOrder& order, Batch& batch) {
  Index rows = 0, source = 0, target = 0;
  for (Index b = 0; b < order.size(); ++b) {
    Extent extent;
    for (const Index sentence : order[b]) extent.add(dataset, sentence);
    rows = std::max(rows, extent.B);
    source = std::max(source, extent.B * extent.S);
    target = std::max(target, extent.B * extent.T);
  }
  for (auto* column : {&batch.source_lengths, &batch.target_lengths, &batch.sentences}) {
    column->reserve(static_cast<std::size_t>(rows));
  }
  batch.source.reserve(static_cast<std::size_t>(source));
  batch.target_in.reserve(static_cast<std::size_t>(target));
  batch.target_out.reserve(static_cast<std::size_t>(target));
}

}  // namespace regard::data
