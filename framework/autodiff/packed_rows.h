#pragma once
// The inner layout of the recurrent ops: all real positions of a batch of sequences as rows without padding.
// Sentences are sorted by length (longest first) and stored step by step. So the n_t sentences that are still
// running at step t are its first n_t rows, and their states of step t-1 are the first n_t rows of that step.
// States [B + rows, H] begin with the B first states. Direction::backward reads each sentence from its own last
// position to its first.
#include <span>

#include "framework/autodiff/cells.h"

namespace regard {

// The mapping between packed rows and positions. It is valid until the end of the tape's step.
struct PackedRows {
  Index rows = 0;                   // all real positions
  std::span<const Index> order;     // [B] sentence at each place, longest first
  std::span<const Index> place;     // [B] its inverse
  std::span<const Index> begin;     // [longest + 1] first row of each step
  std::span<const Index> position;  // [rows] b * T + t of the row, in x and h
  std::span<const Index> row_of;    // [B * T] its inverse; -1 at padding
  std::span<const Index> previous;  // [rows] the row of h_{t-1} among the states
  std::span<const Index> last;      // [B] the row of each sentence's last step

  // One step's rows.
  struct Step {
    Index begin;   // the first, among all rows
    Index count;   // n_t
    Index before;  // the first row of h_{t-1}, among the states
  };

  [[nodiscard]] Index batch() const { return static_cast<Index>(order.size()); }
  [[nodiscard]] Index steps() const { return static_cast<Index>(begin.size()) - 1; }
  [[nodiscard]] Step step(Index t) const;
  // Returns the states after each step, without the first states.
  [[nodiscard]] Tensor of_steps(const Tensor& states) const { return states.slice(batch(), rows); }
  // Return the states of one step, and the states before it.
  [[nodiscard]] Tensor now(const Tensor& states, const Step& step) const {
    return states.slice(batch() + step.begin, step.count);
  }
  [[nodiscard]] Tensor before(const Tensor& states, const Step& step) const {
    return states.slice(step.before, step.count);
  }

  // Writes the first state in packed order, or zeros.
  void first_state(Var state, const Tensor& to) const;
  // Adds the first B rows of d_states to the gradient of the first state.
  void give_first_state(const Tensor& d_states, Var state) const;
  // Adds rows to the gradient of their padded sequence.
  void give_positions(const Tensor& d_rows, Var x) const;
};

// Computes the mapping for `lengths` [B], each 1 … T.
[[nodiscard]] PackedRows pack_rows(Tape& tape, std::span<const Index> lengths, Index T, Direction direction);

}  // namespace regard
