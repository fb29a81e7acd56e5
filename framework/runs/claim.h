#pragma once
// What a plan says is to be shown (`report.claim`), and seeds that are added until it is decided (`seeds: {first, most,
// until: decided}`). A run folder's resolved plan has the same keys.
#include <cstdint>
#include <memory>
#include <string>

#include "framework/config/option_table.h"
#include "framework/evaluation/line_metrics.h"

namespace regard::runs {

using ClaimMetric = evaluation::LineMetric;

struct Claim {
  ClaimMetric metric = ClaimMetric::bleu;
  std::string test;     // "": the plan makes no claim
  double effect = 0.5;  // in points of the metric: a smaller difference does not matter
  double alpha = 0.05;
  double power = 0.8;

  [[nodiscard]] bool empty() const { return test.empty(); }
  friend bool operator==(const Claim&, const Claim&) = default;
};
[[nodiscard]] const config::OptionTable<Claim>& claim_rows();

// Seeds 1, 2, … `most`: all systems get the first ones, then one more each round where it is needed.
struct SeedRounds {
  enum class Until : std::uint8_t { decided };

  Index first = 3;
  Index most = 20;
  Until until = Until::decided;
};
[[nodiscard]] const config::OptionTable<SeedRounds>& seed_rounds_rows();

// Returns "BLEU", for sentences.
[[nodiscard]] std::string name_of(ClaimMetric metric);

}  // namespace regard::runs
