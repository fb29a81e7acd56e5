#pragma once
// Batches: which sentence pairs go together, in which order, and their padded arrays.
#include <cstdint>
#include <vector>

#include "framework/data/dataset.h"

namespace regard::data {

// How large a batch is: one of the two is set, the other is 0.
struct BatchSize {
  Index tokens = 0;     // B * T <= tokens: target tokens, padding and </s> counted. A longer sentence goes alone.
  Index sentences = 0;  // B <= sentences
};

// Arrays are row-major. B sentences, S the longest source and T the longest target among them, </s> counted on
// both. Rows stand in the order of `sentences`, not sorted by length.
struct Batch {
  Index B = 0, S = 0, T = 0;
  std::vector<Index> source;          // [B, S]  x_1 … x_n </s>, then kPad
  std::vector<Index> source_lengths;  // [B]     n + 1
  std::vector<Index> target_in;       // [B, T]  <s> y_1 … y_m, then kPad
  std::vector<Index> target_out;      // [B, T]  y_1 … y_m </s>, then kPad
  std::vector<Index> target_lengths;  // [B]     m + 1
  std::vector<Index> sentences;       // [B]     positions in the Dataset
  Index target_tokens = 0;            // sum of target_lengths
};

// A partition of (some of) a dataset into batches: batch b is sentences[begins[b]] … sentences[begins[b + 1] - 1].
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

// Every pair once, in an order that is a function of the dataset, the size, seed and epoch alone. The pairs are
// shuffled, cut into pools of about kPool, each pool is sorted by length and cut into batches, and all batches are
// shuffled: little padding, and neighbours that change from epoch to epoch.
inline constexpr Index kPool = 4096;
[[nodiscard]] BatchOrder training_order(const Dataset& dataset, const BatchSize& size, std::uint64_t seed,
                                        Index epoch);

// Every pair once, longest first, so that the largest batch comes first. Batch::sentences says which row is which.
[[nodiscard]] BatchOrder evaluation_order(const Dataset& dataset, const BatchSize& size);

// Puts those pairs into `batch`, whose storage is used again: nothing is allocated once it has held (or was
// reserved for) a batch as large.
void fill(const Dataset& dataset, std::span<const Index> sentences, Batch& batch);

// Makes room for every batch of the order, so that no fill with one of them allocates.
void reserve(const Dataset& dataset, const BatchOrder& order, Batch& batch);

}  // namespace regard::data
