#pragma once
// Losses and watched numbers that an attention adds to its result (Query::add_loss, Query::watch), and the hard choices
// of a gradient check (Query::straight_through).
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/autodiff/tape.h"

namespace regard::attention {

// One loss or number of one query.
struct Note {
  std::string_view name;
  Var value;        // a loss: [B, T, 1]; a watched number: [1] or [B, T, n]
  Index first = 0;  // the position of the first of its T queries
  Note* next = nullptr;
};

// The notes of one pass over a batch, in the order in which they were made. They live on the tape.
class Notes final {
 public:
  void add_loss(std::string_view name, Var value, Index first) { append(losses_, name, value, first); }
  void watch(std::string_view name, Var value, Index first) { append(watched_, name, value, first); }
  [[nodiscard]] bool empty() const noexcept { return losses_.first == nullptr && watched_.first == nullptr; }
  [[nodiscard]] const Note* losses() const noexcept { return losses_.first; }
  [[nodiscard]] const Note* watched() const noexcept { return watched_.first; }

 private:
  struct List {
    Note* first = nullptr;
    Note* last = nullptr;
  };
  static void append(List& list, std::string_view name, Var value, Index first);
  List losses_, watched_;
};

// Returns the notes of this name as one value over the T positions of a batch: [B, T, n]. ShapeError unless there
// is exactly one note for each position.
[[nodiscard]] Var joined(const Note* notes, std::string_view name, Index T);

// ShapeError for a loss whose name is not among `declared`.
void require_declared(const Notes& notes, std::span<const std::string> declared);

// Returns whether no earlier note has the name of this one.
[[nodiscard]] bool is_first_of_its_name(const Note* notes, const Note* note);

// The differences between the hard and the soft values of a pass. A gradient check records them when it computes the
// gradient, and replays them when it computes differences: then each hard value is its soft value plus a constant.
class Surrogates final {
 public:
  void record() noexcept {
    away_.clear();
    replays_ = false;
  }
  void replay() noexcept {
    next_ = 0;
    replays_ = true;
  }
  [[nodiscard]] Var operator()(Var hard, Var soft);

 private:
  std::vector<std::vector<double>> away_;
  std::size_t next_ = 0;
  bool replays_ = false;
};

}  // namespace regard::attention
