#pragma once
// The interface of BLEU, chrF and TER. Each segment has a row of sufficient statistics. The sum of the rows of any
// multiset of segments gives its score, so scoring a resample only needs a sum, not another pass over the text.
//
// Metrics have no state except options and are callable from any thread.
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"
#include "framework/evaluation/signature.h"

namespace regard::evaluation {

using Lines = std::vector<std::string>;  // one segment a line, UTF-8

// Rows of sufficient statistics [segments, width]. All values are exact counts, except TER's average reference
// length.
struct Statistics {
  Index width = 0;
  std::vector<double> values;

  [[nodiscard]] Index segments() const noexcept {
    return width == 0 ? 0 : static_cast<Index>(values.size()) / width;
  }
  [[nodiscard]] std::span<const double> row(Index segment) const noexcept {
    return std::span(values).subspan(static_cast<std::size_t>(segment * width), static_cast<std::size_t>(width));
  }
  [[nodiscard]] std::vector<double> sum() const;  // [width], over all segments
};

class Metric {
 public:
  virtual ~Metric() = default;

  [[nodiscard]] virtual std::string name() const = 0;  // as sacreBLEU prints it: BLEU, chrF2, chrF2++, TER

  // Returns the rows of `hypotheses` against `references` (one or several, each with as many lines). An empty line is a
  // reference without words, as in sacreBLEU since 2.2. DataError if numbers of lines differ, or without segments.
  [[nodiscard]] Statistics statistics(const Lines& hypotheses, const std::vector<Lines>& references) const;

  [[nodiscard]] virtual double score(std::span<const double> sum) const = 0;         // in percent
  [[nodiscard]] virtual std::string verbose(std::span<const double> sum) const = 0;  // details of the score, or ""
  [[nodiscard]] virtual Signature signature(std::size_t references) const = 0;

 protected:
  // Computes the rows of segments [begin, end) into `out`. Called from several threads with disjoint ranges.
  virtual void rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
                    std::span<double> out) const = 0;
  [[nodiscard]] virtual Index width() const = 0;
};

// Sets `out` to the references of one segment, without white space at their ends.
void references_of(const std::vector<Lines>& references, Index segment, std::vector<std::string_view>& out);

// Returns whether at least 100 lines end in " .". This is sacreBLEU's test for tokenised hypotheses, which get a
// warning.
[[nodiscard]] bool looks_tokenized(const Lines& hypotheses);

}  // namespace regard::evaluation
