#pragma once
// Translates lines of text with one trained run or an ensemble, for `regard translate`.
#include <memory>
#include <string>
#include <vector>

#include "framework/base/weight_matrix.h"
#include "framework/inference/detokenizer.h"
#include "framework/inference/trained_run.h"

namespace regard::inference {

// One translation of a line.
struct Translated {
  std::string text;  // detokenised
  double score = 0;
  double log_probability = 0;
  // Weights between words of the line and of `text`; no value if the model has no attention, or if tokens and
  // words cannot be matched.
  std::optional<WeightMatrix> words = {};
};

struct TranslatedLine {
  std::vector<Translated> found;   // best first; one empty text for a line without words
  std::vector<std::string> notes;  // for the user, one sentence each
};

// Returns an error message with the place if a line is not valid UTF-8; nothing if it is.
[[nodiscard]] std::optional<std::string> utf8_fault(const std::string& line, Index number,
                                                    const std::string& file);

class Translator final {
 public:
  // Uses the first run's tokenisers and `options` for all runs. ConfigError for runs with different vocabularies,
  // tokenisers or normalisation of text, and for a run that is named twice.
  Translator(std::vector<std::unique_ptr<TrainedRun>> runs, decoding::SearchOptions options);

  [[nodiscard]] bool has_attention() const;

  // Returns the translations of lines, in their order. `first` is the number of the first line, from 1; `file` is its
  // file in messages. DataError "FILE:LINE: …" for a line that is not UTF-8.
  [[nodiscard]] std::vector<TranslatedLine> translate(const std::vector<std::string>& lines, Index first,
                                                      const std::string& file) const;
  // Returns the given translations as if a search had found them, with their scores and weights.
  [[nodiscard]] std::vector<TranslatedLine> given(const std::vector<std::string>& lines,
                                                  const std::vector<std::string>& targets, Index first,
                                                  const std::string& file, const std::string& target_file) const;

 private:
  struct Source {
    std::string line;  // the part that is translated, normalised
    std::vector<std::string> tokens;
    std::vector<std::string> notes;
  };
  // A text without sentences, with copies if the models copy.
  [[nodiscard]] data::Dataset empty_dataset() const;
  [[nodiscard]] Source source_of(const std::string& line, Index number, const std::string& file) const;
  [[nodiscard]] TranslatedLine detokenized(Source source, const std::vector<decoding::Translation>& found,
                                           const std::vector<std::string>* given,
                                           const data::FurtherWords* further) const;
  [[nodiscard]] std::optional<WeightMatrix> words_of(const Source& source,
                                                     const decoding::Translation& translation,
                                                     const std::vector<std::string>& tokens,
                                                     const std::string& text) const;

  std::vector<std::unique_ptr<TrainedRun>> runs_;
  std::vector<const models::Seq2Seq*> models_;
  decoding::SearchOptions options_;
  Detokenizer detokenizer_;
};

}  // namespace regard::inference
