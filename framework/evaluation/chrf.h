#pragma once
// chrF (Popović 2015, 2017) exactly as sacreBLEU 2.6.0 computes it, in double precision.
//
//   P = mean over orders of matches / n-grams of the hypothesis,  R = mean of matches / n-grams of the reference
//   chrF_beta = 100 * (1 + beta^2) P R / (beta^2 P + R)
//
// The means are over the orders that both sides have. Character n-grams have orders 1 to 6 and no white space. chrF++
// adds word n-grams of orders 1 and 2; one ASCII punctuation mark at the end (else the start) of a word is a separate
// word. With several references, the one with the best score of the segment is used.
//
// A row of statistics: (hypothesis, reference, matches) for each character order, then for each word order.
#include "framework/evaluation/metric.h"

namespace regard::evaluation {

struct ChrfOptions {
  Index char_order = 6;
  Index word_order = 0;  // 2: chrF++
  Index beta = 2;        // recall has beta^2 times the weight of precision
  bool lowercase = false;
};

class Chrf final : public Metric {
 public:
  explicit Chrf(ChrfOptions options = {}) : options_(options) {}

  [[nodiscard]] std::string name() const override;  // chrF2, chrF2++
  [[nodiscard]] double score(std::span<const double> sum) const override;
  [[nodiscard]] std::string verbose(std::span<const double>) const override { return {}; }
  [[nodiscard]] Signature signature(std::size_t references) const override;

 protected:
  void rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
            std::span<double> out) const override;
  [[nodiscard]] Index width() const override { return 3 * (options_.char_order + options_.word_order); }

 private:
  ChrfOptions options_;
};

}  // namespace regard::evaluation
