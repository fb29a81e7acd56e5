#pragma once
// Small models and data for tests; the task is to reverse rows of random symbols.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "framework/attention/registry.h"
#include "framework/base/random.h"
#include "framework/data/copies.h"
#include "framework/models/seq2seq.h"

namespace regard::testing {

inline constexpr Index kToySymbols = 8;
inline constexpr Index kToyVocabulary = data::kSpecials + kToySymbols;

inline data::Vocabulary toy_vocabulary() {
  data::TokenCounts counts;
  for (Index i = 0; i < kToySymbols; ++i) counts.add(std::string(1, static_cast<char>('a' + i)));
  return {counts, 1, 0};
}

// `pairs` rows of min … max symbols and the same backwards; a function of the arguments alone.
inline data::Dataset reverse_data(Index pairs, Index min, Index max, std::uint64_t seed = 1) {
  data::Dataset dataset;
  dataset.copies = std::make_shared<data::Copies>();  // for attention that copies
  dataset.copies->words = std::make_shared<data::FurtherWords>(toy_vocabulary());
  for (Index pair = 0; pair < pairs; ++pair) {
    const Key key = Key(seed, "toy").with(pair);
    const Index length = min + key.below(max - min + 1, 0);
    std::vector<data::TokenId> row;
    for (Index i = 0; i < length; ++i) {
      row.push_back(data::kSpecials + static_cast<data::TokenId>(key.below(kToySymbols, i + 1)));
    }
    dataset.source.add(row);
    dataset.copies->source.add(row);
    std::reverse(row.begin(), row.end());
    dataset.target.add(row);
    dataset.copies->target.add(row);
    dataset.lines.push_back(pair);
  }
  return dataset;
}

inline data::Batch batch_of(const data::Dataset& dataset, std::vector<Index> sentences) {
  data::Batch batch;
  data::fill(dataset, sentences, batch);
  return batch;
}
inline data::Batch whole_batch(const data::Dataset& dataset) {
  std::vector<Index> all;
  for (Index i = 0; i < dataset.size(); ++i) all.push_back(i);
  return batch_of(dataset, all);
}

// A model of a few hundred numbers.
inline models::ModelOptions toy_model(std::string attention, Index width = 4) {
  models::ModelOptions options;
  options.embedding = width;
  options.hidden = width;
  options.initializer = models::Initializer::glorot;
  if (attention != "none") {
    options.attention.options = config::defaults(attention::variants().at(attention).options);
  }
  options.attention.name = std::move(attention);
  return options;
}

inline std::string bytes_of(const Tensor& tensor) {
  return {static_cast<const char*>(tensor.raw()), static_cast<std::size_t>(tensor.bytes())};
}
// Returns all parameters, one after the other.
inline std::string bytes_of(const nn::ParamStore& params) {
  std::string bytes;
  for (const nn::Param& param : params.all()) bytes += bytes_of(param.value());
  return bytes;
}

}  // namespace regard::testing
