#include "framework/decoding/beam.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/data/vocabulary.h"

namespace regard::decoding {
namespace {

// The most steps of a sentence: |y| with </s>, or without where it is cut.
Index limit_of(Index source_length, const SearchOptions& options) {
  constexpr double kMost = 1e9;  // a factor may be anything; the step count must fit
  const Index words = source_length - 1;
  const double times = words == 0 ? 0 : options.max_length_factor * static_cast<double>(words);
  return std::max<Index>(1, static_cast<Index>(std::min(times, kMost)) + options.max_length_extra);
}

}  // namespace

Beam::Beam(Index source_length, const SearchOptions& options)
    : options_(options),
      source_length_(source_length),
      limit_(limit_of(source_length, options)),
      winner_score_(-std::numeric_limits<double>::infinity()) {
  nodes_.push_back({.word = data::kBos});
  live_.push_back({});
}

double Beam::score(double log_probability, Index length) const {
  return log_probability / std::pow(static_cast<double>(length), options_.length_penalty);
}

void Beam::finish(const Hypothesis& hypothesis, Index length, bool complete) {
  ++finished_;
  const double value = score(hypothesis.log_probability, length);
  // A hypothesis that was cut only wins where none has ended.
  if (winner_complete_ && !complete) return;
  if (winner_complete_ == complete && finished_ > 1 && !(value > winner_score_)) return;
  winner_ = hypothesis.node;
  winner_score_ = value;
  winner_log_probability_ = hypothesis.log_probability;
  winner_complete_ = complete;
}

void Beam::advance(std::span<const Candidate> best, Index count, const float* weights, Index pitch) {
  struct Extension {
    Index place;
    Candidate candidate;
    double log_probability;
  };
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
  for (std::size_t rank = 0; rank < extensions.size() && live() < options_.beam; ++rank) {
    const Extension& extension = extensions[rank];
    const bool ends = extension.candidate.word == data::kEos;
    if (ends && static_cast<Index>(rank) >= options_.beam) continue;
    if (weights != nullptr) {
      const float* const row = weights + extension.place * pitch;
      weights_.insert(weights_.end(), row, row + source_length_);
    }
    nodes_.push_back({extension.candidate.word, before[static_cast<std::size_t>(extension.place)].node});
    const Hypothesis next{nodes_.size() - 1, extension.log_probability, extension.place};
    if (ends) {
      finish(next, length_, true);
    } else {
      live_.push_back(next);
    }
  }
  if (live_.empty() || finished_ >= options_.beam) {
    done_ = true;
  } else if (length_ >= limit_) {
    for (const Hypothesis& hypothesis : live_) finish(hypothesis, length_, false);
    done_ = true;
  } else if (winner_complete_) {
    // Log probability only falls as words are added, and alpha >= 0: this is the most the best live one can reach.
    done_ = winner_score_ >= score(live_[0].log_probability, limit_);
  }
}

Translation Beam::result() const {
  check(done_, "the result of a beam that is not done");
  Translation translation;
  translation.log_probability = winner_log_probability_;
  translation.score = winner_score_;
  translation.complete = winner_complete_;
  translation.source_length = source_length_;
  std::vector<std::size_t> path;
  for (std::size_t node = winner_; node != 0; node = nodes_[node].parent) path.push_back(node);
  std::reverse(path.begin(), path.end());
  for (const std::size_t node : path) {
    if (nodes_[node].word != data::kEos) translation.words.push_back(nodes_[node].word);
    if (weights_.empty()) continue;
    const auto row = weights_.begin() + static_cast<Index>(node - 1) * source_length_;
    translation.weights.insert(translation.weights.end(), row, row + source_length_);
  }
  return translation;
}

}  // namespace regard::decoding
