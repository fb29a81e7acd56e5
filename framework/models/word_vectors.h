#pragma once
// Loads word vectors from a text file as initial values of an embedding, and checks the vocabularies of tied
// embeddings. A model cannot do this, because it knows only sizes.
#include <string>

#include "framework/data/vocabulary.h"
#include "framework/models/options.h"
#include "framework/nn/params.h"

namespace regard::models {

// The number of words of a vocabulary that a file has.
struct VectorsFound {
  Index found = 0;
  Index words = 0;  // of the vocabulary, without the special ones
};

// Sets the rows of `matrix` [V, E] whose word is in the file. A line has a word and E numbers, separated by
// blanks. A first line of two whole numbers, as word2vec writes it, is skipped. If a word comes twice, the first
// line counts. Other rows are unchanged. DataError "file:line: …" for a line of another length or with something
// that is no finite number, and for a file without any of the words.
VectorsFound load_word_vectors(const config::Path& file, const data::Vocabulary& vocabulary, const Tensor& matrix);

// Loads the files that the options name into the parameters, before a model's first training. Returns one sentence
// for each file, for a log ("encoder: 5120 of 6000 words start from vectors.txt"). ConfigError if the embeddings
// of both sides are tied and the vocabularies differ.
[[nodiscard]] std::vector<std::string> fit_to_vocabularies(const ModelOptions& options,
                                                           const data::Vocabulary& source,
                                                           const data::Vocabulary& target,
                                                           const nn::ParamStore& params);

}  // namespace regard::models
