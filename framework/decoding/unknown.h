#pragma once
// <unk> in a translation stands for a source word that the model does not know: the one it looked at most, copied,
// or what a dictionary says of it (Luong et al. 2015b, section 3.3; the position by attention as in Jean et al.
// 2015).
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
  // A file of lines "WORD TRANSLATION": the translation is what stands after the first white space, and may be
  // several words. The first of several lines for a word holds. DataError for a file that cannot be read and,
  // with its line, for a line that is not both.
  [[nodiscard]] static Dictionary load(const std::filesystem::path& file);

  // The translation, or the word itself.
  [[nodiscard]] const std::string& operator()(const std::string& word) const;

 private:
  std::unordered_map<std::string, std::string> entries_;
};

// `tokens` are those of the translation's words, `source` those of the source as they were written. Each token
// whose word is <unk> becomes what `dictionary` says of the source token with most weight, </s> left out; of
// equals the first. Nothing changes without attention or source tokens.
void replace_unknown(const Translation& translation, const std::vector<std::string>& source,
                     const Dictionary& dictionary, std::vector<std::string>& tokens);

}  // namespace regard::decoding
