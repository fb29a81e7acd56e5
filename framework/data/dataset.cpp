#include "framework/data/dataset.h"

namespace regard::data {

void Sentences::add(std::span<const TokenId> sentence) {
  ids_.insert(ids_.end(), sentence.begin(), sentence.end());
  begins_.push_back(static_cast<Index>(ids_.size()));
}

}  // namespace regard::data
