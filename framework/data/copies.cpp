#include "framework/data/copies.h"

#include <algorithm>

#include "framework/base/errors.h"

namespace regard::data {

TokenId FurtherWords::id(std::string_view token) {
  if (const TokenId known = vocabulary_.id(token); known != kUnk) return known;
  const auto found = ids_.find(token);
  if (found != ids_.end()) return found->second;
  const auto id = static_cast<TokenId>(vocabulary_.size() + static_cast<Index>(tokens_.size()));
  tokens_.emplace_back(token);
  ids_.emplace(tokens_.back(), id);
  return id;
}

const std::string& FurtherWords::token(TokenId id) const {
  const Index beyond = id - vocabulary_.size();
  if (beyond < 0) return vocabulary_.token(id);
  check(beyond < static_cast<Index>(tokens_.size()), "an id that no text of the run has");
  return tokens_[static_cast<std::size_t>(beyond)];
}

void Copies::add(std::span<const std::string> source_tokens, std::span<const std::string> target_tokens) {
  const auto add_to = [this](Sentences& sentences, std::span<const std::string> tokens) {
    std::vector<TokenId> ids;
    for (const std::string& token : tokens) ids.push_back(words->id(token));
    sentences.add(ids);
  };
  add_to(source, source_tokens);
  add_to(target, target_tokens);
}

void fill_copies(const Dataset& dataset, std::span<const Index> pairs, Batch& batch) {
  batch.further = 0;
  if (dataset.copies == nullptr) {
    batch.copies.clear();
    batch.copy_targets.clear();
    return;
  }
  const Copies& copies = *dataset.copies;
  const Index V = copies.words->vocabulary();
  batch.copies.assign(static_cast<std::size_t>(batch.B * batch.S), -1);
  batch.copy_targets.assign(static_cast<std::size_t>(batch.B * batch.T), kPad);
  batch.further_words.resize(pairs.size());
  for (std::size_t b = 0; b < pairs.size(); ++b) {
    std::vector<TokenId>& further = batch.further_words[b];
    further.clear();
    // An id of the batch; `add` numbers words that the sentence has not had yet.
    const auto own = [&](TokenId id, bool add) -> Index {
      if (id < V) return id;
      auto found = std::find(further.begin(), further.end(), id);
      if (found == further.end() && !add) return kUnk;
      if (found == further.end()) found = further.insert(further.end(), id);
      return V + (found - further.begin());
    };
    auto to = batch.copies.begin() + static_cast<std::ptrdiff_t>(b) * batch.S;
    for (const TokenId id : copies.source[pairs[b]]) *to++ = own(id, true);
    *to = kEos;
    to = batch.copy_targets.begin() + static_cast<std::ptrdiff_t>(b) * batch.T;
    for (const TokenId id : copies.target[pairs[b]]) *to++ = own(id, false);
    *to = kEos;
    batch.further = std::max(batch.further, static_cast<Index>(further.size()));
  }
}

}  // namespace regard::data
