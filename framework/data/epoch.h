#pragma once
// One pass over the training pairs: which are in which batch, in which order, and how each is encoded. A function
// of the data, the size, seed and epoch alone, so a training that goes on needs no more than its place in it.
#include "framework/base/random.h"
#include "framework/data/batch.h"

namespace regard::data {

// Every pair once. The pairs are shuffled, cut into pools of about kPool, each pool is sorted by length and cut
// into batches, and all batches are shuffled: little padding, and neighbours that change from epoch to epoch.
//
// A corpus of more than BatchSize::window pairs is done window after window, so that the memory needed does not
// grow with it: a window is made of blocks of neighbouring pairs, drawn anew in each epoch, and shuffled as above.
//
// Where the sentences have several encodings, each epoch draws one for every sentence.
class TrainingEpoch final {
 public:
  // `dataset` outlives it.
  TrainingEpoch(const Dataset& dataset, const BatchSize& size, std::uint64_t seed, Index epoch);

  [[nodiscard]] Index size() const noexcept { return begins_.back(); }  // batches
  // The pairs of batch b; until a batch of another window is asked for.
  [[nodiscard]] std::span<const Index> operator[](Index b);

  [[nodiscard]] Index source_length(Index pair) const { return side_[0].length(pair); }
  [[nodiscard]] Index target_length(Index pair) const { return side_[1].length(pair); }
  // As data::fill, with this epoch's encodings.
  void fill(std::span<const Index> pairs, Batch& batch) const { data::fill(side_[0], side_[1], pairs, batch); }
  // Makes room for every batch of the epoch, so that no fill with one of them allocates.
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
