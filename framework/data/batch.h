#pragma once
// Puts sentence pairs into batches, in an order, and fills the padded arrays of a batch.
#include <cstdint>
#include <vector>

#include "framework/base/random.h"
#include "framework/data/dataset.h"

namespace regard::data {

// The number of pairs that are sorted together. More pairs mean less padding, but worse batches: with 8192, each batch
// of a small corpus has targets of one length, and quickstart's `general` needed twice as many epochs.
inline constexpr Index kPool = 2048;
inline constexpr Index kWindow = Index{1} << 18;

// The size of a batch: one of tokens and sentences is set, the other is 0.
struct BatchSize {
  Index tokens = 0;        // B * T <= tokens: target tokens with padding and </s>. A longer sentence is alone.
  Index sentences = 0;     // B <= sentences
  Index window = kWindow;  // training pairs that are shuffled and sorted at one time
};

// Row-major arrays. B is the number of sentences, S the longest source and T the longest target, both with </s>. Rows
// are in the order of `sentences`, not sorted by length.
struct Batch {
  Index B = 0, S = 0, T = 0;
  std::vector<Index> source;          // [B, S]  x_1 … x_n </s>, then kPad
  std::vector<Index> source_lengths;  // [B]     n + 1
  std::vector<Index> target_in;       // [B, T]  <s> y_1 … y_m, then kPad
  std::vector<Index> target_out;      // [B, T]  y_1 … y_m </s>, then kPad
  std::vector<Index> target_lengths;  // [B]     m + 1
  std::vector<Index> sentences;       // [B]     positions in the Dataset
  Index target_tokens = 0;            // sum of target_lengths

  // Only of a dataset with copies (copies.h): ids in the target's vocabulary of V words, where V + k is word k of
  // those that the sentence has beyond it.
  std::vector<Index> copies;                        // [B, S]  of the source's words; -1 on padding
  std::vector<Index> copy_targets;                  // [B, T]  as target_out
  std::vector<std::vector<TokenId>> further_words;  // [B]     their ids in FurtherWords
  Index further = 0;                                // the most of a sentence
};

// A partition of a dataset (or a part of it) into batches: batch b is sentences[begins[b]] … sentences[begins[b+1]-1].
struct BatchOrder {
  std::vector<Index> sentences;
  std::vector<Index> begins = {0};

  [[nodiscard]] Index size() const noexcept { return static_cast<Index>(begins.size()) - 1; }
  [[nodiscard]] std::span<const Index> operator[](Index b) const {
    const auto at = static_cast<std::size_t>(b);
    return std::span<const Index>(sentences).subspan(static_cast<std::size_t>(begins[at]),
                                                     static_cast<std::size_t>(begins[at + 1] - begins[at]));
  }
};

// Returns all batches of an epoch (epoch.h).
[[nodiscard]] BatchOrder training_order(const Dataset& dataset, const BatchSize& size, std::uint64_t seed,
                                        Index epoch);

// Returns every pair once, longest first, so that the largest batch comes first. Batch::sentences has the positions of
// the rows.
[[nodiscard]] BatchOrder evaluation_order(const Dataset& dataset, const BatchSize& size);

// One side of a dataset with one encoding for each sentence: its best, or one that is drawn with `key`.
class Encoded final {
 public:
  explicit Encoded(const Sentences& sentences) : sentences_(&sentences) {}
  Encoded(const Sentences& sentences, const Key& key)
      : sentences_(&sentences), key_(key), draws_(sentences.several()) {}

  [[nodiscard]] Index length(Index i) const { return sentences_->length_of(which(i)); }
  [[nodiscard]] std::span<const TokenId> operator[](Index i) const { return sentences_->encoding(which(i)); }

 private:
  [[nodiscard]] Index which(Index i) const {
    return draws_ ? sentences_->draw(i, key_.uniform(i)) : sentences_->best(i);
  }
  const Sentences* sentences_;
  Key key_;
  bool draws_ = false;
};

// The size of a batch while pairs are added, with </s>.
struct Extent {
  Index B = 0, S = 0, T = 0;

  void add(Index source_length, Index target_length);
  [[nodiscard]] bool fits(const BatchSize& size) const {
    return B == 1 || (size.tokens > 0 ? B * T <= size.tokens : B <= size.sentences);
  }
};

// Splits the pairs [first, last) of order.sentences into batches, in their order, and appends these.
void cut(const Encoded& source, const Encoded& target, const BatchSize& size, Index first, Index last,
         BatchOrder& order);
// Sorts the pairs for little padding; the sort is stable. It sorts by target length first, because a decoder with
// feedback computes every padded step, while an encoder skips them. Within one target length, the source length
// increases, within the next it decreases, and so on: so pairs on both sides of a border have similar source lengths.
void sort_by_length(const Encoded& source, const Encoded& target, std::span<Index> pairs);
void require_one_limit(const BatchSize& size);

// Fills `batch` with these pairs and reuses its storage: nothing is allocated if it had (or was reserved for) a batch
// of this size before.
void fill(const Encoded& source, const Encoded& target, std::span<const Index> pairs, Batch& batch);
void fill(const Dataset& dataset, std::span<const Index> pairs, Batch& batch);

}  // namespace regard::data
