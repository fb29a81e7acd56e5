#pragma once
// One pass over the training pairs: the batches, their order, and the encoding of each sentence. It depends only on the
// data, the batch size, the seed and the epoch, so a resumed training only needs its position in the epoch.
#include "framework/base/random.h"
#include "framework/data/batch.h"
#include "framework/data/copies.h"

namespace regard::data {

// Has every pair once. The pairs are shuffled and split into pools of about kPool. Each pool is sorted by length and
// split into batches, then all batches are shuffled. So there is little padding, and batches are different in each
// epoch.
//
// A corpus of more than BatchSize::window pairs is processed in windows, so that memory does not grow with the corpus.
// A window has blocks of neighbouring pairs, which are drawn again in each epoch. It is shuffled as above.
//
// If sentences have several encodings, each epoch draws one for every sentence.
class TrainingEpoch final {
 public:
  // `dataset` must outlive this object.
  TrainingEpoch(const Dataset& dataset, const BatchSize& size, std::uint64_t seed, Index epoch);

  [[nodiscard]] Index size() const noexcept { return begins_.back(); }  // in batches
  // Returns the pairs of batch b. They are valid until a batch of another window is used.
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
  std::vector<Index> blocks_;        // with several windows: the blocks of neighbouring pairs, in their order
  Index block_ = 0;                  // pairs in a block
  std::vector<Index> begins_ = {0};  // the first batch of each window
  Index rows_ = 0, source_ = 0, target_ = 0;  // the largest sizes of a batch
  BatchOrder order_;                          // of window at_
  Index at_ = -1;
};

}  // namespace regard::data
