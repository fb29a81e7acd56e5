#include "framework/models/attention_losses.h"

#include <algorithm>

#include "framework/autodiff/ops.h"
#include "framework/models/target_rows.h"

namespace regard::models {
namespace {

constexpr double kLeast = 1e-8;  // a weight of zero costs much, not infinity

// Returns the loss, or an empty Var without links.
Var guided_alignment(Var weights, const data::Batch& batch, std::span<const data::Alignment> alignments,
                     std::span<const Index> lines) {
  Tape& tape = weights.tape();
  const auto links_of = [&](Index b) -> const data::Alignment& {
    const auto pair = static_cast<std::size_t>(batch.sentences[static_cast<std::size_t>(b)]);
    return alignments[static_cast<std::size_t>(lines[pair])];
  };
  // How many links each target position has.
  const auto links = tape.allocate_span<Index>(batch.B * batch.T);
  std::fill(links.begin(), links.end(), Index{0});
  for (Index b = 0; b < batch.B; ++b) {
    for (const data::Link& link : links_of(b)) {
      check(link.source < batch.source_lengths[static_cast<std::size_t>(b)] &&
                link.target < batch.target_lengths[static_cast<std::size_t>(b)],
            "an alignment links words of its own sentence pair");
      ++links[static_cast<std::size_t>(b * batch.T + link.target)];
    }
  }
  const Index linked = batch.B * batch.T - std::count(links.begin(), links.end(), Index{0});
  if (linked == 0) return {};
  const auto rows = tape.allocate_span<Index>(linked);
  const auto place = tape.allocate_span<Index>(batch.B * batch.T);
  std::size_t at = 0;
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (links[i] == 0) continue;
    place[i] = static_cast<Index>(at);
    rows[at++] = static_cast<Index>(i);
  }
  const Tensor shares = tape.zeros({linked, batch.S});
  for (Index b = 0; b < batch.B; ++b) {
    for (const data::Link& link : links_of(b)) {
      const auto i = static_cast<std::size_t>(b * batch.T + link.target);
      shares.set(place[i] * batch.S + link.source, -1 / static_cast<double>(links[i]));
    }
  }
  return sum(mul(log(add_number(at_rows(weights, rows), kLeast)), tape.input(shares)));
}

Var entropy(Var weights, std::span<const Index> rows) {
  const Var a = at_rows(weights, rows);
  return scale(sum(mul(a, log(add_number(a, kLeast)))), -1);
}

// min(a, c) = a - max(a - c, 0). The sum of the earlier weights of a position is a product with a triangle of ones.
Var coverage(Var weights, const data::Batch& batch) {
  Tape& tape = weights.tape();
  const Var a = zero_padding(weights, batch.target_lengths);
  const Tensor before = tape.zeros({batch.B, batch.T, batch.T});
  for (Index b = 0; b < batch.B; ++b) {
    for (Index t = 0; t < batch.T; ++t) {
      for (Index earlier = 0; earlier < t; ++earlier) before.set((b * batch.T + t) * batch.T + earlier, 1);
    }
  }
  const Var covered = batched_matmul(tape.input(before), a);
  return sum(sub(a, relu(sub(a, covered))));
}

// Returns the mean of x [B, T, n] over the real positions.
double mean_of(const Tensor& x, const data::Batch& batch, Index first) {
  const Index T = x.shape()[1];
  const Index n = x.cols();
  double sum = 0;
  Index count = 0;
  for (Index row = 0; row < x.rows(); ++row) {
    if (first + row % T >= batch.target_lengths[static_cast<std::size_t>(row / T)]) continue;
    for (Index i = 0; i < n; ++i) sum += x.at(row * n + i);
    count += n;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace

std::span<const LossTerm> loss_terms(Var weights, const data::Batch& batch, const AttentionWeights& factors,
                                     std::span<const data::Alignment> alignments, std::span<const Index> lines,
                                     const OwnTerms& own, const attention::Notes& notes) {
  Tape& tape = weights.tape();
  constexpr Index kOfObjective = 3;
  const auto terms = tape.allocate_span<LossTerm>(kOfObjective + static_cast<Index>(own.names.size()));
  std::size_t count = 0;
  if (factors.guided_alignment > 0) {
    terms[count++] = {"guided_alignment", factors.guided_alignment,
                      guided_alignment(weights, batch, alignments, lines)};
  }
  const auto rows = target_rows(tape, batch);
  if (factors.entropy > 0) terms[count++] = {"attention_entropy", factors.entropy, entropy(weights, rows)};
  if (factors.coverage > 0) terms[count++] = {"attention_coverage", factors.coverage, coverage(weights, batch)};
  attention::require_declared(notes, own.names);
  for (std::size_t i = 0; i < own.names.size(); ++i) {
    const Var each = attention::joined(notes.losses(), own.names[i], batch.T);
    terms[count++] = {own.names[i], own.weights[i], sum(at_rows(each, rows))};
  }
  return terms.first(count);
}

// If steps are computed one by one, each step's mean is weighted by its number of real positions.
std::span<const Watched> watched_means(const attention::Notes& notes, const data::Batch& batch, Tape& tape) {
  Index names = 0;
  for (const auto* note = notes.watched(); note != nullptr; note = note->next)
    names += attention::is_first_of_its_name(notes.watched(), note) ? 1 : 0;
  const auto all = tape.allocate_span<Watched>(names);
  std::size_t at = 0;
  for (const auto* note = notes.watched(); note != nullptr; note = note->next) {
    if (!attention::is_first_of_its_name(notes.watched(), note)) continue;
    double sum = 0;
    double positions = 0;
    for (const auto* each = note; each != nullptr; each = each->next) {
      if (each->name != note->name) continue;
      const Tensor x = each->value.value();
      const bool one = x.size() == 1;
      const Index T = one ? 1 : x.shape()[1];
      Index count = 0;
      for (const Index length : batch.target_lengths) count += std::clamp<Index>(length - each->first, 0, T);
      sum += (one ? x.at(0) : mean_of(x, batch, each->first)) * static_cast<double>(count);
      positions += static_cast<double>(count);
    }
    all[at++] = {note->name, positions > 0 ? sum / positions : 0};
  }
  return all;
}

}  // namespace regard::models
