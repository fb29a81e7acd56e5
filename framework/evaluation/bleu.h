#pragma once
// BLEU (Papineni et al. 2002) exactly as sacreBLEU 2.6.0 computes it (Post 2018), in double precision.
//
//   BLEU = BP * exp(1/N * sum_{n=1..N} ln p_n)
//   p_n  = 100 * correct_n / total_n, smoothed if correct_n = 0
//   BP   = 1 if hyp_len >= ref_len, else exp(1 - ref_len / hyp_len)
//
// A row of statistics has 10 counts: hyp_len, ref_len, correct 1..4, total 1..4. ref_len is the length of the reference
// whose length is closest to that of the hypothesis; of two equally close, the shorter.
#include <array>
#include <optional>

#include "framework/evaluation/metric.h"
#include "framework/evaluation/tokenizer.h"

namespace regard::evaluation {

// The value of p_n if no n-gram of the order is correct (Chen and Cherry 2014).
enum class Smoothing {
  exponential,  // "exp": 100 / (2^k total) for the k-th such order
  floor,        // "floor": 100 * value / total
  add_k,        // "add-k": value is added to correct and total of all orders above 1
  none,         // "none": 0
};
[[nodiscard]] std::string_view name_of(Smoothing smoothing) noexcept;
[[nodiscard]] Smoothing smoothing_named(std::string_view name);  // ConfigError if unknown

struct BleuOptions {
  Tokenizer tokenizer = Tokenizer::a13;
  bool lowercase = false;
  Smoothing smoothing = Smoothing::exponential;
  std::optional<double> smooth_value = {};  // of floor (default 0.1) and add-k (default 1)
  bool effective_order = false;             // N is the largest order with an n-gram; for single sentences
};

struct BleuScore {
  double score = 0;                    // in percent
  std::array<double, 4> precisions{};  // in percent, smoothed
  std::array<double, 4> correct{};     // counts, with the value that add-k adds
  std::array<double, 4> total{};
  double bp = 0;
  Index hyp_len = 0;
  Index ref_len = 0;

  [[nodiscard]] double ratio() const noexcept;  // hyp_len / ref_len; 0 without reference words
};

class Bleu final : public Metric {
 public:
  static constexpr Index max_order = 4;

  explicit Bleu(BleuOptions options = {}) : options_(options) {}
  [[nodiscard]] const BleuOptions& options() const noexcept { return options_; }

  // Returns score() and all numbers from which it is computed.
  [[nodiscard]] BleuScore detailed(std::span<const double> sum) const;

  [[nodiscard]] std::string name() const override { return "BLEU"; }
  [[nodiscard]] double score(std::span<const double> sum) const override { return detailed(sum).score; }
  // Returns "75.0/38.5/5.0/3.1 (BP = 0.732 ratio = 0.762 hyp_len = 16 ref_len = 21)".
  [[nodiscard]] std::string verbose(std::span<const double> sum) const override;
  [[nodiscard]] Signature signature(std::size_t references) const override;

 protected:
  void rows(const Lines& hypotheses, const std::vector<Lines>& references, Index begin, Index end,
            std::span<double> out) const override;
  [[nodiscard]] Index width() const override { return 2 + 2 * max_order; }

 private:
  BleuOptions options_;
};

// Return the score of a corpus, or the scores of its sentences (with effective order, like sacreBLEU's
// --sentence-level).
[[nodiscard]] BleuScore corpus_bleu(const Lines& hypotheses, const std::vector<Lines>& references,
                                    const BleuOptions& options = {});
[[nodiscard]] std::vector<BleuScore> sentence_bleu(const Lines& hypotheses, const std::vector<Lines>& references,
                                                   BleuOptions options = {});

}  // namespace regard::evaluation
