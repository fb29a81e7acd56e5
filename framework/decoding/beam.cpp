#include "framework/decoding/beam.h"

#include <algorithm>
#include <cmath>

#include "framework/data/vocabulary.h"

namespace regard::decoding {

Beam::Beam(Index source_length, const SearchOptions& options)
    : options_(options),
      scorer_(options),
      source_length_(source_length),
      limit_(length_limit(source_length - 1, options)) {
  nodes_.push_back({.word = data::kBos});
  live_.push_back({});
}

std::vector<std::size_t> Beam::path_to(std::size_t node) const {
  std::vector<std::size_t> path;
  for (; node != 0; node = nodes_[node].parent) path.push_back(node);
  std::reverse(path.begin(), path.end());
  return path;
}

std::vector<Index> Beam::words(Index place) const {
  std::vector<Index> words;
  for (const std::size_t node : path_to(live_at(place).node)) words.push_back(nodes_[node].word);
  return words;
}

double Beam::coverage(std::size_t node) const {
  std::vector<double> covered(static_cast<std::size_t>(source_length_ - 1));
  for (; node != 0; node = nodes_[node].parent) {
    const float* const row = weights_.data() + static_cast<Index>(node - 1) * source_length_;
    for (std::size_t s = 0; s < covered.size(); ++s) covered[s] += static_cast<double>(row[s]);
  }
  return scorer_.coverage(covered);
}

void Beam::finish(const Hypothesis& hypothesis, Index length, bool complete) {
  ++finished_;
  double score = scorer_.score(hypothesis.log_probability, length);
  if (scorer_.covers() && !weights_.empty()) score += coverage(hypothesis.node);
  const Finished now{hypothesis.node, hypothesis.log_probability, score, complete, hypothesis.draw};
  // Cut hypotheses rank after all that ended; of equal ones the earlier ranks first.
  const auto before = [&](const Finished& other) {
    return now.complete == other.complete ? now.score > other.score : now.complete;
  };
  auto at = best_.end();
  while (at != best_.begin() && before(*(at - 1))) --at;
  best_.insert(at, now);
  const auto most = static_cast<std::size_t>(options_.nbest) + 1;
  if (best_.size() > most) best_.pop_back();
}

void Beam::cut(const std::vector<Hypothesis>& hypotheses, Index length) {
  for (const Hypothesis& hypothesis : hypotheses) finish(hypothesis, length, false);
  done_ = true;
}

Beam::Hypothesis Beam::grown(const Hypothesis& from, const Extension& extension, const float* weights,
                             Index pitch) {
  if (weights != nullptr) {
    const float* const row = weights + extension.place * pitch;
    weights_.insert(weights_.end(), row, row + source_length_);
  }
  nodes_.push_back({extension.candidate.word, from.node});
  return {nodes_.size() - 1, extension.log_probability, extension.place, from.draw};
}

// The margin of the ranking: the first skipped candidate could have stayed live, if the search continues; and an
// end finishes only among the first K.
void Beam::note_choice(std::span<const Extension> ranked, std::size_t considered) {
  const auto taken = [&](std::size_t rank) {
    return rank < ranked.size() && ranked[rank].candidate.word != kNoWord;
  };
  const auto gap = [&](std::size_t a, std::size_t b) {
    note_gap(ranked[a].log_probability - ranked[b].log_probability);
  };
  const auto ends = [&](std::size_t rank) { return ranked[rank].candidate.word == data::kEos; };
  if (finished_ < options_.beam && considered > 0 && taken(considered)) gap(considered - 1, considered);
  const auto K = static_cast<std::size_t>(options_.beam);
  if (!taken(K)) return;
  for (std::size_t rank = K; taken(rank) && rank < considered; ++rank) {
    if (ends(rank)) {
      gap(K - 1, rank);
      break;
    }
  }
  for (std::size_t rank = K; rank-- > 0;) {
    if (ends(rank)) {
      gap(rank, K);
      break;
    }
  }
}

void Beam::advance(std::span<const Candidate> best, Index count, const float* weights, Index pitch) {
  std::vector<Extension> extensions;
  for (Index place = 0; place < live(); ++place) {
    for (Index i = 0; i < count; ++i) {
      const Candidate& candidate = best[static_cast<std::size_t>(place * count + i)];
      extensions.push_back({place, candidate, live_at(place).log_probability + candidate.log_probability});
    }
  }
  // Stable: ties keep the order of hypotheses and, within one, of words.
  std::stable_sort(extensions.begin(), extensions.end(),
                   [](const Extension& a, const Extension& b) { return a.log_probability > b.log_probability; });
  const std::vector<Hypothesis> before = std::move(live_);
  live_.clear();
  ++length_;
  std::size_t rank = 0;
  for (; rank < extensions.size() && live() < options_.beam; ++rank) {
    const Extension& extension = extensions[rank];
    if (extension.candidate.word == kNoWord) continue;
    const bool ends = extension.candidate.word == data::kEos;
    if (ends && static_cast<Index>(rank) >= options_.beam) continue;
    const Hypothesis next = grown(before[static_cast<std::size_t>(extension.place)], extension, weights, pitch);
    if (ends) {
      finish(next, length_, true);
    } else {
      live_.push_back(next);
    }
  }
  note_choice(extensions, rank);
  if (live_.empty() && finished_ == 0) return cut(before, length_ - 1);  // nothing may follow
  if (live_.empty() || finished_ >= options_.beam) {
    done_ = true;
  } else if (length_ >= limit_) {
    cut(live_, length_);
  } else if (const auto last = static_cast<std::size_t>(options_.nbest) - 1;
             last < best_.size() && best_[last].complete) {
    // The largest score that the best live hypothesis can reach (Scorer::score) is too small for the nbest.
    const double most = scorer_.score(live_[0].log_probability, limit_);
    done_ = best_[last].score >= most;
    note_gap(std::abs(best_[last].score - most));
  }
}

void Beam::advance_drawn(std::span<const Candidate> drawn, const float* weights, Index pitch) {
  std::vector<Hypothesis> before = std::move(live_);
  live_.clear();
  const bool first = length_++ == 0;
  if (first) {
    before.resize(drawn.size());
    for (std::size_t i = 0; i < before.size(); ++i) before[i].draw = static_cast<Index>(i);
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (drawn[i].word == kNoWord) {
      finish(before[i], length_ - 1, false);
      continue;
    }
    const Index place = first ? 0 : static_cast<Index>(i);
    const Hypothesis next =
        grown(before[i], {place, drawn[i], before[i].log_probability + drawn[i].log_probability}, weights, pitch);
    const bool ends = drawn[i].word == data::kEos;
    if (ends || length_ >= limit_) {
      finish(next, length_, ends);
    } else {
      live_.push_back(next);
    }
  }
  done_ = live_.empty();
}

Translation Beam::translation(const Finished& finished) const {
  Translation translation;
  translation.log_probability = finished.log_probability;
  translation.score = finished.score;
  translation.complete = finished.complete;
  for (const std::size_t node : path_to(finished.node)) {
    if (nodes_[node].word != data::kEos) translation.words.push_back(nodes_[node].word);
    if (weights_.empty()) continue;
    const std::span<const float> weights(weights_);
    translation.weights.add_row(weights.subspan((node - 1) * static_cast<std::size_t>(source_length_),
                                                static_cast<std::size_t>(source_length_)));
  }
  return translation;
}

std::vector<Translation> Beam::results() const {
  check(done_, "the result of a beam that is not done");
  std::vector<Finished> kept = best_;
  if (options_.draws()) {
    std::stable_sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.draw < b.draw; });
  }
  std::vector<Translation> all;
  double margin = margin_;
  for (std::size_t i = 0; i < kept.size() && static_cast<Index>(i) < options_.nbest; ++i) {
    all.push_back(translation(kept[i]));
    if (i + 1 < kept.size() && kept[i].complete == kept[i + 1].complete && !options_.draws())
      margin = std::min(margin, kept[i].score - kept[i + 1].score);
  }
  all.front().margin = margin;
  return all;
}

Translation Beam::result() const { return results().front(); }

}  // namespace regard::decoding
