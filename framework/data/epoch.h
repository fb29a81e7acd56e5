#pragma once
// One pass over the training pairs: the batches, their order, and the encoding of each sentence. It depends only
// on the data, the size, the seed and the epoch, so a resumed training needs only its position in the epoch.
#include "framework/base/random.h"
#include "framework/data/batch.h"
#include "framework/data/copies.h"

namespace regard::data {

// Every pair once. The pairs are shuffled and split into pools of about kPool. Each pool is sorted by length and
// split into batches, and all batches are shuffled. So there is little padding, and batches differ from epoch to
// epoch.
//
// A corpus of more than BatchSize::window pairs is processed window after window, so that memory does not grow
// with it. A window consists of blocks of neighbouring pairs, which are drawn again in each epoch, and is shuffled
// as above.
//
// If sentences have several encodings, each epoch draws one for every sentence.
class TrainingEpoch final {
 public:
  // `dataset` must outlive it.
  TrainingEpoch(const Dataset& dataset, const BatchSize& size, std::uint64_t seed, Index epoch);

  [[nodiscard]] Index size() const noexcept { return begins_.back(); }  // batches
  // Returns the pairs of batch b, valid until the first use of a batch of another window.
  [[nodiscard]] std::span<const Index> operator[](Index b);

  [[nodiscard]] Index source_length(Index pair) const { return side_[0].length(pair); }
  [[nodiscard]] Index target_length(Index pair) const { return side_[1].length(pair); }
  // Like data::fill, with this epoch's encodings.
  void fill(std::span<const Index> pairs, Batch& batch) const {
    data::fill(side_[0], side_[1], pairs, batch);
    fill_copies(dataset_, pairs, batch);
  }
  // Reserves memory for every batch of the epoch, so that no later fill allocates.
  void reserve(Batch& batch) const;

 private:
  [[nodiscard]] BatchOrder order_of(Index window) const;

  const Dataset& dataset_;
  BatchSize size_;
  Key key_;
  std::array<Encoded, 2> side_;
  Index windows_ = 1;
  std::vector<Index> blocks_;        // of more than one window: the blocks of neighbouring pairs, in their order
  Index block_ = 0;                  // pairs of a block
  std::vector<Index> begins_ = {0};  // the first batch of each window
  Index rows_ = 0, source_ = 0, target_ = 0;  // the most that a batch needs
  BatchOrder order_;                          // of window at_
  Index at_ = -1;
};

}  // namespace regard::data
