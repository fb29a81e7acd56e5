#pragma once
// The data that copying words from the source needs: ids in the target's vocabulary for the words of the source, and
// further ids for words that are not in that vocabulary.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "framework/data/batch.h"
#include "framework/data/dataset.h"

namespace regard::data {

// Words beyond the target's vocabulary, numbered from its size on in the order of their first occurrence. All texts
// of a run share one, so that an id has one meaning.
class FurtherWords final {
 public:
  explicit FurtherWords(Vocabulary vocabulary) : vocabulary_(std::move(vocabulary)) {}

  // Returns the id of a token in the vocabulary, or one beyond it.
  [[nodiscard]] TokenId id(std::string_view token);
  // Returns the token of either kind of id.
  [[nodiscard]] const std::string& token(TokenId id) const;
  [[nodiscard]] Index vocabulary() const noexcept { return vocabulary_.size(); }

 private:
  Vocabulary vocabulary_;
  std::vector<std::string> tokens_;
  std::unordered_map<std::string, TokenId, StringHash, std::equal_to<>> ids_;
};

// The tokens of all pairs of a dataset, as ids of FurtherWords.
struct Copies {
  std::shared_ptr<FurtherWords> words;
  Sentences source, target;

  // Adds the next pair.
  void add(std::span<const std::string> source_tokens, std::span<const std::string> target_tokens);
};

// The further words of a dataset; null without copies.
[[nodiscard]] inline const FurtherWords* further_words(const Dataset& dataset) {
  return dataset.copies == nullptr ? nullptr : dataset.copies->words.get();
}

// Sets the fields of a batch of these pairs that copying needs (Batch::copies …); empty for a dataset without copies.
void fill_copies(const Dataset& dataset, std::span<const Index> pairs, Batch& batch);

}  // namespace regard::data
