#pragma once
// Metrics for tasks whose answers are right or wrong as a whole: commands, pronunciations, inflected forms. A unit is a
// word between white space, or a character (code point; runs of white space count as one space, none at the ends).
//
//   EM        100 * lines that are equal to a reference, unit by unit / lines
//   TokAcc    100 * words that stand at the same position in the reference / reference words
//   WER       100 * word edits / reference words; edits = insertions + deletions + substitutions (Levenshtein 1966)
//   CER       the same over characters
//   PER       the phone error rate: WER of a line whose words are phones. In grapheme-to-phoneme work "WER" is the share of
//             words that are not wholly right, which is 100 - EM.
//   EditDist  character edits / lines: the mean edit distance of inflection tasks
//
// Error rates can be above 100. With several references, a line is compared with the one with fewest edits (TokAcc: with
// most equal words), of equal ones the first; its length counts. A line whose reference is empty adds its edits and no
// length; if all are empty, an error rate is 0 or 100.
#include "framework/evaluation/metric.h"

namespace regard::evaluation {

enum class Unit : std::uint8_t { word, character };

class ExactMatch final : public Metric {
 public:
  [[nodiscard]] std::string name() const override { return "EM"; }
  [[nodiscard]] double score(std::span<const double> sum) const override;
  [[nodiscard]] std::string verbose(std::span<const double> sum) const override;
  [[nodiscard]] Signature signature(std::size_t references) const override;

 protected:
  void rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
            std::span<double> out) const override;
  [[nodiscard]] Index width() const override { return 2; }  // equal lines, lines
};

class TokenAccuracy final : public Metric {
 public:
  [[nodiscard]] std::string name() const override { return "TokAcc"; }
  [[nodiscard]] double score(std::span<const double> sum) const override;
  [[nodiscard]] std::string verbose(std::span<const double>) const override { return {}; }
  [[nodiscard]] Signature signature(std::size_t references) const override;

 protected:
  void rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
            std::span<double> out) const override;
  [[nodiscard]] Index width() const override { return 2; }  // equal words, reference words
};

// WER, CER and PER, or with `a_line` the mean edit distance.
class ErrorRate final : public Metric {
 public:
  ErrorRate(std::string name, Unit unit, bool a_line = false)
      : name_(std::move(name)), unit_(unit), a_line_(a_line) {}

  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] double score(std::span<const double> sum) const override;
  [[nodiscard]] std::string verbose(std::span<const double>) const override { return {}; }
  [[nodiscard]] Signature signature(std::size_t references) const override;

 protected:
  void rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
            std::span<double> out) const override;
  [[nodiscard]] Index width() const override { return 3; }  // edits, reference units, lines

 private:
  std::string name_;
  Unit unit_;
  bool a_line_;
};

}  // namespace regard::evaluation
