#pragma once
// The gradients of a tape's nodes: where each lies, what is in it, and who may use its memory meanwhile. Gradients
// are numbered as the tape's nodes are, and live until reset(). One thread drives it, as it drives the tape.
//
// Memory goes from one gradient to the next:
//  - give_back(): an op's gradient ends with its closures; reserve() gives its memory to one of the same size.
//  - pass_on(): an element-wise op's gradient becomes that of its input.
//  - early() and give_early(): a leaf's gradient is computed in place before backward reaches it.
//  - allocate_scratch(): an op's forward borrows the gradients of leaves in which nothing is yet.
#include <cstddef>
#include <vector>

#include "framework/tensor/arena.h"
#include "framework/tensor/tensor.h"

namespace regard {

// Where a gradient goes. `accumulate` false: nothing is there yet, and the writer must set every element.
struct GradSink {
  Tensor grad;
  bool accumulate = true;
};

class GradientMemory final {
 public:
  // Gradients of the element type `type`; those that are no leaf's lie in `arena`, which outlives this.
  GradientMemory(Arena& arena, DType type) : arena_(arena), type_(type) {}
  GradientMemory(const GradientMemory&) = delete;
  GradientMemory& operator=(const GradientMemory&) = delete;

  // Ends the step: no gradient is left.
  void reset();

  // Adds the gradient of the next node.
  void add(const Shape& shape, bool needed);
  // Makes the gradient a leaf's: it lies in `memory`, which its owner keeps. `accumulate`: something is in it.
  void make_leaf(std::size_t node, const Tensor& memory, bool accumulate);

  [[nodiscard]] bool needed(std::size_t node) const { return gradients_[node].needed; }
  [[nodiscard]] bool is_leaf(std::size_t node) const { return gradients_[node].is_leaf; }
  // Whether it holds something.
  [[nodiscard]] bool touched(std::size_t node) const { return gradients_[node].touched; }
  // Where it lies; nullptr while it has no memory.
  [[nodiscard]] const void* address(std::size_t node) const { return gradients_[node].memory.raw(); }

  // Gives the gradient its memory if it has none. InternalError after give_back(), and within a scratch.
  void reserve(std::size_t node);
  // Gives it its memory and says whether to write or to add; from here on it holds something.
  [[nodiscard]] GradSink sink(std::size_t node);
  // Sets those leaves' gradients to zero that nothing was written to.
  void finish_leaves();

  // Between begin_op() and the next one the closures of one op run.
  void begin_op() { passed_on_.clear(); }
  // Makes dy's memory this gradient's, where it has none yet.
  void pass_on(std::size_t node, const Tensor& dy);
  // Ends the gradient after its op's closures. Its memory is free for others, unless it was passed on or `kept`.
  void give_back(std::size_t node, bool kept);

  // Memory in the shape of the gradient, to compute it in before backward: its own where it is a leaf's with nothing
  // in it yet, else the arena's.
  [[nodiscard]] Tensor early(std::size_t node);
  // Adds `factor` times what early() gave, and was then written, to the gradient.
  void give_early(std::size_t node, Tensor grad, double factor);

  // Between these (Tape::Scratch) the arena's memory is taken back at the end, so no gradient may begin there.
  void open_scratch() { ++scratches_; }
  void close_scratch();
  // Memory for an op of many bytes that has a scratch open, until the outermost one ends: that of leaves' gradients
  // in which nothing is yet, which lose their content, where neighbours of them are large enough; else the arena's.
  // In a step's middle, where it holds most, gradients of weights that backward reaches later would lie idle.
  [[nodiscard]] void* allocate_scratch(std::size_t bytes);

 private:
  struct Gradient {
    Tensor memory;  // empty until reserved
    Shape shape;
    bool needed = false;
    bool is_leaf = false;
    bool touched = false;  // holds something
    bool passed = false;   // backward has passed: no gradient any more
  };
  struct Lent {
    std::size_t node = 0;  // a leaf
    Tensor grad;           // where the early gradient lies now
  };
  struct Idle {  // bytes of leaves' gradients in which nothing is
    std::byte* begin = nullptr;
    std::byte* end = nullptr;
  };

  [[nodiscard]] Tensor arena_tensor(const Shape& shape);
  // Memory of that many elements: what was given back last, or the arena's.
  [[nodiscard]] Tensor allocate(const Shape& shape);
  [[nodiscard]] Lent* lent(std::size_t node);
  void find_idle();

  Arena& arena_;
  DType type_;
  std::vector<Gradient> gradients_;
  std::vector<Lent> lent_;
  std::vector<Tensor> free_;            // given back
  std::vector<const void*> passed_on_;  // by the op at work
  std::vector<Idle> idle_;              // of the open scratch that asked first
  int scratches_ = 0;                   // that are open
};

}  // namespace regard
