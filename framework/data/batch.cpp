#include "framework/data/batch.h"

#include <algorithm>
#include <numeric>

#include "framework/base/errors.h"
#include "framework/data/copies.h"

namespace regard::data {
namespace {

bool shorter(const Encoded& source, const Encoded& target, Index a, Index b) {
  const Index source_a = source.length(a);
  const Index source_b = source.length(b);
  return source_a != source_b ? source_a < source_b : target.length(a) < target.length(b);
}

}  // namespace

void Extent::add(Index source_length, Index target_length) {
  ++B;
  S = std::max(S, source_length + 1);
  T = std::max(T, target_length + 1);
}

void require_one_limit(const BatchSize& size) {
  check((size.tokens > 0) != (size.sentences > 0), "a batch is limited by either tokens or sentences");
}

void cut(const Encoded& source, const Encoded& target, const BatchSize& size, Index first, Index last,
         BatchOrder& order) {
  Extent extent;
  for (Index i = first; i < last; ++i) {
    const Index pair = order.sentences[static_cast<std::size_t>(i)];
    extent.add(source.length(pair), target.length(pair));
    if (extent.fits(size)) continue;
    order.begins.push_back(i);
    extent = {};
    extent.add(source.length(pair), target.length(pair));
  }
  if (first < last) order.begins.push_back(last);
}

void sort_by_length(const Encoded& source, const Encoded& target, std::span<Index> pairs) {
  std::stable_sort(pairs.begin(), pairs.end(), [&](Index a, Index b) {
    const Index length = target.length(a);
    if (length != target.length(b)) return length < target.length(b);
    return length % 2 == 0 ? source.length(a) < source.length(b) : source.length(b) < source.length(a);
  });
}

BatchOrder evaluation_order(const Dataset& dataset, const BatchSize& size) {
  require_one_limit(size);
  const Encoded source(dataset.source);
  const Encoded target(dataset.target);
  BatchOrder order;
  order.sentences.resize(static_cast<std::size_t>(dataset.size()));
  std::iota(order.sentences.begin(), order.sentences.end(), Index{0});
  std::stable_sort(order.sentences.begin(), order.sentences.end(),
                   [&](Index a, Index b) { return shorter(source, target, b, a); });
  cut(source, target, size, 0, dataset.size(), order);
  return order;
}

void fill(const Encoded& source, const Encoded& target, std::span<const Index> pairs, Batch& batch) {
  Extent extent;
  for (const Index pair : pairs) extent.add(source.length(pair), target.length(pair));
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
  batch.sentences.assign(pairs.begin(), pairs.end());
  for (Index b = 0; b < B; ++b) {
    const Index pair = pairs[static_cast<std::size_t>(b)];
    const std::span<const TokenId> x = source[pair];
    const std::span<const TokenId> y = target[pair];
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

void fill(const Dataset& dataset, std::span<const Index> pairs, Batch& batch) {
  fill(Encoded(dataset.source), Encoded(dataset.target), pairs, batch);
  fill_copies(dataset, pairs, batch);
}

}  // namespace regard::data
