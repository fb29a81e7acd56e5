#pragma once
// Word vectors from a text file as the first values of an embedding, and what tied embeddings ask of the
// vocabularies: what a model cannot know from sizes alone.
#include <string>

#include "framework/data/vocabulary.h"
#include "framework/models/options.h"
#include "framework/nn/params.h"

namespace regard::models {

// How many words of a vocabulary a file had.
struct VectorsFound {
  Index found = 0;
  Index words = 0;  // of the vocabulary, without the special ones
};

// Sets the rows of `matrix` [V, E] whose word the file has: a word and E numbers a line, separated by blanks; a
// first line of two whole numbers, as word2vec writes it, is passed over. Of a word that comes twice the first
// counts; the other rows stay as they are. DataError "file:line: …" for a line of another length or with something
// that is no finite number, and for a file without any of the words.
VectorsFound load_word_vectors(const config::Path& file, const data::Vocabulary& vocabulary, const Tensor& matrix);

// Before a model's first training: loads the files that the options name into its parameters; a sentence for each,
// for a log ("encoder: 5120 of 6000 words start from vectors.txt"). ConfigError where embeddings of both sides are
// tied and the vocabularies differ.
[[nodiscard]] std::vector<std::string> fit_to_vocabularies(const ModelOptions& options,
                                                           const data::Vocabulary& source,
                                                           const data::Vocabulary& target,
                                                           const nn::ParamStore& params);

}  // namespace regard::models
