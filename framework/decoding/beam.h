#pragma once
// The beams of one batch, without any model: which hypotheses live, what they extend, what has finished.
#include <span>
#include <vector>

#include "framework/decoding/candidates.h"
#include "framework/decoding/search.h"

namespace regard::decoding {

// One sentence's beam. Hypotheses are nodes of a tree (word, parent); attention rows are kept beside the nodes.
class Beam {
 public:
  Beam(Index source_length, const SearchOptions& options);

  [[nodiscard]] bool done() const noexcept { return done_; }
  // The live hypotheses, at most K, best first: their last words, and after advance() the place each came from.
  [[nodiscard]] Index live() const noexcept { return static_cast<Index>(live_.size()); }
  [[nodiscard]] Index last_word(Index place) const { return nodes_[live_at(place).node].word; }
  [[nodiscard]] Index came_from(Index place) const { return live_at(place).came_from; }

  // Extends the live hypotheses: `best` holds `count` candidates for each of them in turn, and `weights` (empty
  // without attention) their attention rows, `pitch` numbers from row to row.
  void advance(std::span<const Candidate> best, Index count, const float* weights, Index pitch);

  // The winner; after done().
  [[nodiscard]] Translation result() const;

 private:
  struct Node {
    Index word = 0;
    std::size_t parent = 0;
  };
  struct Hypothesis {
    std::size_t node = 0;
    double log_probability = 0;
    Index came_from = 0;
  };
  [[nodiscard]] const Hypothesis& live_at(Index place) const { return live_[static_cast<std::size_t>(place)]; }
  [[nodiscard]] double score(double log_probability, Index length) const;
  void finish(const Hypothesis& hypothesis, Index length, bool complete);

  SearchOptions options_;
  Index source_length_;  // </s> included
  Index limit_;
  Index length_ = 0;  // words of each live hypothesis
  Index finished_ = 0;
  bool done_ = false;
  std::vector<Node> nodes_;
  std::vector<float> weights_;  // source_length_ numbers for each node but the first; empty without attention
  std::vector<Hypothesis> live_;
  std::size_t winner_ = 0;
  double winner_log_probability_ = 0;
  double winner_score_ = 0;
  bool winner_complete_ = false;
};

}  // namespace regard::decoding
