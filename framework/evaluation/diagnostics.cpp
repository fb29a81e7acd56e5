#include "framework/evaluation/diagnostics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "framework/base/errors.h"

namespace regard::evaluation {
namespace {

std::size_t at(Index i) noexcept { return static_cast<std::size_t>(i); }

double weighted(double first, Index first_count, double second, Index second_count) noexcept {
  const Index both = first_count + second_count;
  if (both == 0) return 0.0;
  return (first * static_cast<double>(first_count) + second * static_cast<double>(second_count)) /
         static_cast<double>(both);
}

double entropy_of(std::span<const double> row) noexcept {
  double sum = 0.0;
  for (const double a : row) sum -= a > 0.0 ? a * std::log(a) : 0.0;
  return sum;
}

Index place_of(std::span<const double> row) noexcept {
  return std::max_element(row.begin(), row.end()) - row.begin();
}

double sum_of(std::span<const double> row) noexcept { return std::accumulate(row.begin(), row.end(), 0.0); }

}  // namespace

void AttentionDiagnostics::add(const AttentionDiagnostics& other) {
  for (double AttentionDiagnostics::*const each :
       {&AttentionDiagnostics::entropy, &AttentionDiagnostics::relative_entropy, &AttentionDiagnostics::largest,
        &AttentionDiagnostics::on_end, &AttentionDiagnostics::on_padding}) {
    this->*each = weighted(this->*each, targets, other.*each, other.targets);
  }
  monotone = weighted(monotone, steps, other.monotone, other.steps);
  covered = weighted(covered, source_words, other.covered, other.source_words);
  targets += other.targets;
  steps += other.steps;
  source_words += other.source_words;
}

AttentionDiagnostics diagnose(const WeightMatrix& weights, const Columns& columns, Index target_rows) {
  const Index kept = columns.words + (columns.end_of_sentence ? 1 : 0);
  check(kept <= weights.sources && target_rows <= weights.targets,
        "diagnose: no more rows and columns than there are");
  AttentionDiagnostics out;
  out.targets = target_rows;
  out.steps = std::max<Index>(0, target_rows - 1);
  out.source_words = columns.words;
  if (target_rows == 0 || kept == 0) return out;

  const double even = std::log(static_cast<double>(kept));
  std::vector<double> received(at(columns.words), 0.0);
  Index before = 0;
  for (Index t = 0; t < target_rows; ++t) {
    const std::span<const double> row = weights.row(t);
    const double entropy = entropy_of(row.first(at(kept)));
    const double total = sum_of(row);
    const double share = total > 0.0 ? 1.0 / total : 0.0;
    out.entropy += entropy;
    out.relative_entropy += even > 0.0 ? entropy / even : 0.0;
    const Index place = place_of(row.first(at(kept)));
    out.largest += row[at(place)];
    if (columns.end_of_sentence) out.on_end += row[at(columns.words)] * share;
    out.on_padding += sum_of(row.subspan(at(kept))) * share;
    if (t > 0 && place >= before) out.monotone += 1.0;
    before = place;
    for (Index s = 0; s < columns.words; ++s) received[at(s)] += row[at(s)];
  }
  const auto rows = static_cast<double>(target_rows);
  for (double* each : {&out.entropy, &out.relative_entropy, &out.largest, &out.on_end, &out.on_padding})
    *each /= rows;
  if (out.steps > 0) out.monotone /= static_cast<double>(out.steps);
  for (const double r : received) out.covered += std::min(1.0, r);
  if (columns.words > 0) out.covered /= static_cast<double>(columns.words);
  return out;
}

void AttentionAgreement::add(const AttentionAgreement& other) {
  overlap = weighted(overlap, targets, other.overlap, other.targets);
  same_place = weighted(same_place, targets, other.same_place, other.targets);
  targets += other.targets;
}

AttentionAgreement agreement(const WeightMatrix& first, const WeightMatrix& second, Index target_rows) {
  check(first.sources == second.sources && target_rows <= first.targets && target_rows <= second.targets,
        "agreement: two matrices of the same shape");
  AttentionAgreement out;
  out.targets = target_rows;
  if (target_rows == 0 || first.sources == 0) return out;
  for (Index t = 0; t < target_rows; ++t) {
    const std::span<const double> a = first.row(t);
    const std::span<const double> b = second.row(t);
    for (std::size_t s = 0; s < a.size(); ++s) out.overlap += std::min(a[s], b[s]);
    out.same_place += place_of(a) == place_of(b) ? 1.0 : 0.0;
  }
  out.overlap /= static_cast<double>(target_rows);
  out.same_place /= static_cast<double>(target_rows);
  return out;
}

}  // namespace regard::evaluation
