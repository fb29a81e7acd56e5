#include "framework/models/word_vectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>

#include "framework/base/errors.h"
#include "framework/base/files.h"

namespace regard::models {
namespace {

constexpr std::string_view kBlanks = " \t\r";

// Removes the text before the next blanks from the front of `rest` and returns it.
std::string_view next_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
  rest.remove_prefix(word.size());
  return word;
}

template <class T>
bool parse(std::string_view text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// "400000 300": the number of words and their width.
bool is_header(std::string_view line) {
  Index count = 0;
  Index width = 0;
  return parse(next_word(line), count) && parse(next_word(line), width) && next_word(line).empty();
}

}  // namespace

VectorsFound load_word_vectors(const config::Path& file, const data::Vocabulary& vocabulary,
                               const Tensor& matrix) {
  std::ifstream in(file.expanded, std::ios::binary);
  if (!in) throw DataError(fmt::format("{}: cannot be read: {}", file.given, cause_of(errno)));
  const Index width = matrix.cols();
  std::vector<bool> has(static_cast<std::size_t>(vocabulary.size()), false);
  VectorsFound result{.found = 0, .words = vocabulary.size() - data::kSpecials};
  std::string line;
  for (Index number = 1; std::getline(in, line); ++number) {
    std::string_view rest = line;
    if (number == 1 && is_header(rest)) continue;
    const std::string_view word = next_word(rest);
    const data::TokenId id = vocabulary.id(word);
    if (id < data::kSpecials || has[static_cast<std::size_t>(id)]) continue;
    Index count = 0;
    for (std::string_view text = next_word(rest); !text.empty(); text = next_word(rest), ++count) {
      double value = 0;
      if (!parse(text, value) || !std::isfinite(value)) {
        throw DataError(fmt::format("{}:{}: number {} of '{}' is no finite number but '{}'", file.given, number,
                                    count + 1, word, text));
      }
      if (count < width) matrix.set(id * width + count, value);
    }
    if (count != width) {
      throw DataError(fmt::format("{}:{}: '{}' has {} numbers, but model.embedding is {}", file.given, number,
                                  word, count, width));
    }
    has[static_cast<std::size_t>(id)] = true;
    ++result.found;
  }
  if (result.found == 0) {
    throw DataError(fmt::format("{}: has none of the {} words of the vocabulary; is it of another language?",
                                file.given, result.words));
  }
  return result;
}

std::vector<std::string> fit_to_vocabularies(const ModelOptions& options, const data::Vocabulary& source,
                                             const data::Vocabulary& target, const nn::ParamStore& params) {
  if (options.tied_embeddings == Tied::all && !(source == target)) {
    throw ConfigError(
        "model.tied_embeddings: 'all' needs one vocabulary for both sides, but source and target have different "
        "words; 'target' ties the target's alone");
  }
  std::vector<std::string> sentences;
  const auto load = [&](const char* side, const config::Path& file, const data::Vocabulary& vocabulary) {
    if (file.empty()) return;
    const nn::Param* matrix = params.find(fmt::format("{}/embedding/W", side));
    check(matrix != nullptr, "the embedding that a file of word vectors is for");
    const VectorsFound result = load_word_vectors(file, vocabulary, matrix->value());
    sentences.push_back(
        fmt::format("{}: {} of {} words start from {}", side, result.found, result.words, file.given));
  };
  load("encoder", options.encoder.embeddings, source);
  load("decoder", options.decoder.embeddings, target);
  return sentences;
}

}  // namespace regard::models
