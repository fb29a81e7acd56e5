#include "framework/decoding/unknown.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/data/corpus.h"
#include "framework/data/tokenizer.h"

namespace regard::decoding {

Dictionary Dictionary::load(const std::filesystem::path& file) {
  constexpr Index kMostWords = 1000;
  Dictionary dictionary;
  Index number = 0;
  for (const std::string& line : data::read_lines(file, kMostWords)) {
    ++number;
    std::vector<std::string> words;
    data::for_each_word(line, [&](std::string_view word) { words.emplace_back(word); });
    if (words.size() < 2) {
      throw DataError(
          fmt::format("{}:{}: expected a word and its translation, separated by white space, got \"{}\"",
                      file.string(), number, line));
    }
    const std::string word = words.front();
    words.erase(words.begin());
    dictionary.entries_.emplace(word, fmt::format("{}", fmt::join(words, " ")));
  }
  return dictionary;
}

const std::string& Dictionary::operator()(const std::string& word) const {
  const auto found = entries_.find(word);
  return found == entries_.end() ? word : found->second;
}

void replace_unknown(const Translation& translation, const std::vector<std::string>& source,
                     const Dictionary& dictionary, std::vector<std::string>& tokens) {
  if (translation.weights.empty() || source.empty()) return;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    if (translation.words[t] != data::kUnk) continue;
    const auto row = translation.weights.row(static_cast<Index>(t)).first(source.size());
    const auto most = std::max_element(row.begin(), row.end()) - row.begin();
    tokens[t] = dictionary(source[static_cast<std::size_t>(most)]);
  }
}

}  // namespace regard::decoding
