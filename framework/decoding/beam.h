#pragma once
// The hypotheses of one sentence, without a model: which are live, what they extend, which have finished.
#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include "framework/decoding/candidates.h"
#include "framework/decoding/scoring.h"
#include "framework/decoding/translation.h"

namespace regard::decoding {

// One sentence's beam. Hypotheses are nodes of a tree (word, parent); attention rows are stored beside the nodes.
class Beam {
 public:
  Beam(Index source_length, const SearchOptions& options);

  [[nodiscard]] bool done() const noexcept { return done_; }
  // The live hypotheses, at most K, best first: their last words, and after advance() their previous places.
  [[nodiscard]] Index live() const noexcept { return static_cast<Index>(live_.size()); }
  [[nodiscard]] Index last_word(Index place) const { return nodes_[live_at(place).node].word; }
  [[nodiscard]] Index came_from(Index place) const { return live_at(place).came_from; }
  // Returns all words of a live hypothesis.
  [[nodiscard]] std::vector<Index> words(Index place) const;
  // Returns the number of a sampled translation; 0 in a search.
  [[nodiscard]] Index draw(Index place) const { return live_at(place).draw; }

  // Extends the live hypotheses: `best` has `count` candidates for each of them in turn, and `weights` (empty
  // without attention) has their attention rows, `pitch` numbers from row to row.
  void advance(std::span<const Candidate> best, Index count, const float* weights, Index pitch);

  // The same for sampling: each live hypothesis continues with its own candidate. At the first step there is one
  // live hypothesis, and each candidate begins a new translation.
  void advance_drawn(std::span<const Candidate> drawn, const float* weights, Index pitch);

  // After done(): return the winner, and the best `nbest` of all, best first (sampled ones in the order of their
  // draws).
  [[nodiscard]] Translation result() const;
  [[nodiscard]] std::vector<Translation> results() const;

 private:
  struct Node {
    Index word = 0;
    std::size_t parent = 0;
  };
  struct Hypothesis {
    std::size_t node = 0;
    double log_probability = 0;
    Index came_from = 0;
    Index draw = 0;
  };
  struct Finished {
    std::size_t node = 0;
    double log_probability = 0;
    double score = 0;
    bool complete = false;
    Index draw = 0;
  };
  struct Extension {
    Index place = 0;
    Candidate candidate;
    double log_probability = 0;
  };
  [[nodiscard]] const Hypothesis& live_at(Index place) const { return live_[static_cast<std::size_t>(place)]; }
  [[nodiscard]] std::vector<std::size_t> path_to(std::size_t node) const;
  [[nodiscard]] double coverage(std::size_t node) const;
  [[nodiscard]] Hypothesis grown(const Hypothesis& from, const Extension& extension, const float* weights,
                                 Index pitch);
  void finish(const Hypothesis& hypothesis, Index length, bool complete);
  void cut(const std::vector<Hypothesis>& hypotheses, Index length);
  void note_choice(std::span<const Extension> ranked, std::size_t considered);
  void note_gap(double gap) { margin_ = std::min(margin_, gap); }
  [[nodiscard]] Translation translation(const Finished& finished) const;

  SearchOptions options_;
  Scorer scorer_;
  Index source_length_;  // </s> included
  Index limit_;
  Index length_ = 0;  // words of each live hypothesis
  Index finished_ = 0;
  bool done_ = false;
  std::vector<Node> nodes_;
  std::vector<float> weights_;  // source_length_ numbers for each node but the first; empty without attention
  std::vector<Hypothesis> live_;
  std::vector<Finished> best_;  // the best finished ones, best first: nbest and one more
  double margin_ = std::numeric_limits<double>::infinity();
};

}  // namespace regard::decoding
