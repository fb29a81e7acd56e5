#include "framework/data/epoch.h"

#include <algorithm>
#include <numeric>

namespace regard::data {
namespace {

constexpr Index kBlocks = 256;  // in a window: enough that few pairs stay next to their neighbours in the file

Index parts(Index count, Index size) { return (count + size - 1) / size; }

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

}  // namespace

TrainingEpoch::TrainingEpoch(const Dataset& dataset, const BatchSize& size, std::uint64_t seed, Index epoch)
    : dataset_(dataset),
      size_(size),
      key_(Key(seed, "data order").with(epoch)),
      side_{Encoded(dataset.source, Key(seed, "source encodings").with(epoch)),
            Encoded(dataset.target, Key(seed, "target encodings").with(epoch))} {
  require_one_limit(size);
  const Index count = dataset.size();
  windows_ = std::max<Index>(1, parts(count, size.window));
  if (windows_ > 1) {
    block_ = std::max<Index>(1, size.window / kBlocks);
    blocks_.resize(static_cast<std::size_t>(parts(count, block_)));
    std::iota(blocks_.begin(), blocks_.end(), Index{0});
    key_.with("blocks").shuffle(std::span<Index>(blocks_));
  }
  for (Index window = 0; window < windows_; ++window) {
    order_ = order_of(window);
    at_ = window;
    for (Index b = 0; b < order_.size(); ++b) {
      Extent extent;
      for (const Index pair : order_[b]) extent.add(source_length(pair), target_length(pair));
      rows_ = std::max(rows_, extent.B);
      source_ = std::max(source_, extent.B * extent.S);
      target_ = std::max(target_, extent.B * extent.T);
    }
    begins_.push_back(begins_.back() + order_.size());
    if (windows_ > 1) dataset.forget();
  }
}

std::span<const Index> TrainingEpoch::operator[](Index b) {
  const auto behind = std::upper_bound(begins_.begin(), begins_.end(), b);
  const Index window = static_cast<Index>(behind - begins_.begin()) - 1;
  if (window != at_) {
    dataset_.forget();
    order_ = order_of(window);
    at_ = window;
  }
  return order_[b - begins_[static_cast<std::size_t>(window)]];
}

BatchOrder TrainingEpoch::order_of(Index window) const {
  const Index all = dataset_.size();
  BatchOrder order;
  if (windows_ == 1) {
    order.sentences.resize(static_cast<std::size_t>(all));
    std::iota(order.sentences.begin(), order.sentences.end(), Index{0});
  } else {
    const auto blocks = static_cast<Index>(blocks_.size());
    for (Index at = blocks * window / windows_; at < blocks * (window + 1) / windows_; ++at) {
      const Index first = blocks_[static_cast<std::size_t>(at)] * block_;
      for (Index pair = first; pair < std::min(all, first + block_); ++pair) order.sentences.push_back(pair);
    }
  }
  const Key key = windows_ == 1 ? key_ : key_.with(window);
  key.with("sentences").shuffle(std::span<Index>(order.sentences));
  const auto count = static_cast<Index>(order.sentences.size());
  const Index pools = parts(count, kPool);
  for (Index pool = 0; pool < pools; ++pool) {
    const Index first = count * pool / pools;
    const Index last = count * (pool + 1) / pools;
    sort_by_length(side_[0], side_[1],
                   std::span<Index>(order.sentences)
                       .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)));
    cut(side_[0], side_[1], size_, first, last, order);
  }
  return shuffled_batches(order, key.with("batches"));
}

void TrainingEpoch::reserve(Batch& batch) const {
  for (auto* column : {&batch.source_lengths, &batch.target_lengths, &batch.sentences}) {
    column->reserve(static_cast<std::size_t>(rows_));
  }
  batch.source.reserve(static_cast<std::size_t>(source_));
  batch.target_in.reserve(static_cast<std::size_t>(target_));
  batch.target_out.reserve(static_cast<std::size_t>(target_));
}

BatchOrder training_order(const Dataset& dataset, const BatchSize& size, std::uint64_t seed, Index epoch) {
  TrainingEpoch whole(dataset, size, seed, epoch);
  BatchOrder order;
  for (Index b = 0; b < whole.size(); ++b) {
    const std::span<const Index> pairs = whole[b];
    order.sentences.insert(order.sentences.end(), pairs.begin(), pairs.end());
    order.begins.push_back(static_cast<Index>(order.sentences.size()));
  }
  return order;
}

}  // namespace regard::data
