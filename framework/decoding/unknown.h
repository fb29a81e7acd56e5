#pragma once
// Replaces <unk> in a translation by the source word with most attention, copied or translated by a dictionary
// (Luong et al. 2015b, section 3.3; the position by attention as in Jean et al. 2015).
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "framework/data/vocabulary.h"
#include "framework/decoding/translation.h"

namespace regard::decoding {

class Dictionary final {
 public:
  Dictionary() = default;
  // Loads a file of lines "WORD TRANSLATION". The translation is the text after the first white space, and may be
  // several words. The first of several lines for a word counts. DataError for a file that cannot be read and,
  // with the line's number, for a line without a translation.
  [[nodiscard]] static Dictionary load(const std::filesystem::path& file);

  // Returns the translation, or the word itself.
  [[nodiscard]] const std::string& operator()(const std::string& word) const;

 private:
  std::unordered_map<std::string, std::string> entries_;
};

// Replaces each token of `tokens`, the translation's words, whose word is <unk>. It becomes the dictionary's
// translation of the token of `source` (as written) with most weight, without </s>; of equal weights the first.
// Does nothing without attention or source tokens.
void replace_unknown(const Translation& translation, const std::vector<std::string>& source,
                     const Dictionary& dictionary, std::vector<std::string>& tokens);

}  // namespace regard::decoding
