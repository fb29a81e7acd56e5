#pragma once
// Reverse-mode differentiation, define-by-run (Wengert list). A tape owns one step: values, gradients, nodes and
// closures live in its arena until reset(). One thread drives a tape; ops use threads inside.
//
// Rules an op keeps:
//  - backward only adds: `x.grad()` is zero-filled when first asked for. `x.grad_sink()` tells a kernel that writes
//    every element whether it may overwrite instead. An op's gradients end with its closures: others take their
//    memory (gradient_memory.h), and after backward() those of leaves alone can be read.
//  - closures capture Var, Tensor and plain values; `copy` keeps integers that a closure needs. They are placed in
//    the arena, so they must be trivially destructible; record() refuses others at compile time.
//  - Memory that only the closure itself needs is allocated within a Tape::Scratch.
//  - A closure runs at most once, and only if its output has a gradient and its input needs one.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "framework/autodiff/gradient_memory.h"
#include "framework/base/base.h"
#include "framework/tensor/arena.h"
#include "framework/tensor/gemm/gemm.h"
#include "framework/tensor/tensor.h"

namespace regard {

class PackedWeights;
class Tape;

// A value on a tape: a small handle, valid until the tape's next reset().
class Var {
 public:
  Var() = default;
  [[nodiscard]] bool empty() const noexcept { return tape_ == nullptr; }
  [[nodiscard]] Tape& tape() const;
  // Returned by value: later ops do not change them.
  [[nodiscard]] Tensor value() const;
  [[nodiscard]] Shape shape() const { return value().shape(); }
  // Returns the gradient, zero-filled at its first use.
  [[nodiscard]] Tensor grad() const;
  [[nodiscard]] GradSink grad_sink() const;
  // The same for the only closure of an op, if it reads an element of dy before it writes the same element here.
  // If this gradient has no value yet, it uses dy's memory, and dy becomes invalid.
  [[nodiscard]] GradSink grad_sink_over(const Tensor& dy) const;
  // Allocates the gradient now, if it needs memory. Call it before a Scratch.
  void reserve_grad() const;
  [[nodiscard]] bool needs_grad() const;
  // Returns whether backward has written to the gradient.
  [[nodiscard]] bool has_grad() const;

 private:
  friend class Tape;
  Var(Tape* tape, std::int32_t index, std::uint32_t step) : tape_(tape), index_(index), step_(step) {}
  // Its number among the tape's nodes and gradients. InternalError where its step has ended.
  [[nodiscard]] std::size_t number() const;
  Tape* tape_ = nullptr;
  std::int32_t index_ = 0;
  std::uint32_t step_ = 0;
};

// One closure of an op: the backward with respect to one input.
template <class Backward>
struct Wrt {
  Var input;
  Backward backward;
};
template <class Backward>
Wrt(Var, Backward) -> Wrt<Backward>;

class Tape {
 public:
  enum class Mode : std::uint8_t { record, evaluate };

  // Makes an empty tape. A tape for evaluation records no closures, and its leaves need no gradients. `arithmetic`
  // is the element type of all values and the precision of products. With `weights`, which must outlive the tape,
  // products use packed parameters.
  explicit Tape(Arithmetic arithmetic = DType::f32, Mode mode = Mode::record, PackedWeights* weights = nullptr)
      : gradients_(arena_, arithmetic.dtype), weights_(weights), arithmetic_(arithmetic), mode_(mode) {}
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  [[nodiscard]] DType type() const noexcept { return arithmetic_.dtype; }
  [[nodiscard]] Arithmetic arithmetic() const noexcept { return arithmetic_; }
  [[nodiscard]] PackedWeights* packed_weights() const noexcept { return weights_; }
  [[nodiscard]] bool recording() const noexcept { return mode_ == Mode::record; }
  [[nodiscard]] std::uint32_t step() const noexcept { return step_; }
  [[nodiscard]] Arena& arena() noexcept { return arena_; }

  // Ends the step: its Vars and Tensors become invalid (using a Var is an InternalError). The memory is kept.
  void reset();

  // Returns memory of this step with the tape's element type, not initialised or zero.
  [[nodiscard]] Tensor tensor(Shape shape);
  [[nodiscard]] Tensor zeros(Shape shape);
  // Returns memory for plain values of this step, not initialised.
  template <class T>
  [[nodiscard]] std::span<T> allocate_span(Index count) {
    static_assert(std::is_trivially_copyable_v<T>);
    return {static_cast<T*>(arena_.allocate(static_cast<std::size_t>(count) * sizeof(T))),
            static_cast<std::size_t>(count)};
  }
  // Copies plain values for the closures of this step.
  template <class T>
  [[nodiscard]] std::span<const T> copy(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    T* memory = static_cast<T*>(arena_.allocate(values.size_bytes()));
    std::copy(values.begin(), values.end(), memory);
    return {memory, values.size()};
  }

  // A scope for temporary memory of one closure or op: memory that the tape returns within it is freed at its end.
  // Gradients must outlive it: the first use of a gradient without memory (reserve_grad) inside is an
  // InternalError.
  class Scratch {
   public:
    explicit Scratch(Tape& tape) : tape_(tape), mark_(tape.arena_.mark()) { tape.gradients_.open_scratch(); }
    ~Scratch() {
      tape_.gradients_.close_scratch();
      tape_.arena_.rewind(mark_);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

   private:
    Tape& tape_;
    Arena::Mark mark_;
  };

  // Memory for an op of many bytes that has a Scratch open, until the outermost one ends: GradientMemory says whose.
  [[nodiscard]] void* allocate_scratch(std::size_t bytes) { return gradients_.allocate_scratch(bytes); }
  [[nodiscard]] Tensor scratch_tensor(Shape shape);

  // Makes a constant, without a gradient. The tensor must outlive the step (memory of this tape or of the caller).
  Var input(Tensor value);
  Var input(Shape shape, std::initializer_list<double> values);
  // Makes a value whose gradient is written to `grad` (same shape), which the caller owns. With `accumulate`,
  // backward adds to its content. Otherwise its content is lost from now on (early_grad, scratch_tensor), and it
  // is zero after backward() if y does not depend on the leaf. Make one leaf for each value and step: a second one
  // with the same `grad` would overwrite it.
  Var leaf(Tensor value, Tensor grad, bool accumulate);
  // Returns whether `var` is a leaf of this step with this memory. Safe for any Var, also one of a destroyed tape.
  [[nodiscard]] bool has_leaf(const Var& var, const Tensor& value) const noexcept;

  // Records an op: one closure per input, `backward(dy)`, where dy is the gradient of y.
  template <class... Backward>
  Var record(const char* op, Tensor y, Wrt<Backward>... wrt) {
    const bool needs = any_needs_grad(std::array<Var, sizeof...(wrt)>{wrt.input...});
    const Var out = add_node(op, y, needs);
    if (needs) (attach_if_needed(out, wrt.input, std::move(wrt.backward)), ...);
    return out;
  }
  // Records an op whose inputs' gradients share work: one closure `backward(dy)` for all inputs, which calls
  // needs_grad() itself.
  template <class Backward>
  Var record(const char* op, std::initializer_list<Var> inputs, Tensor y, Backward backward) {
    return record_all(op, {inputs.begin(), inputs.size()}, y, std::move(backward));
  }
  // The same for inputs whose number is known at run time.
  template <class Backward>
  Var record_all(const char* op, std::span<const Var> inputs, Tensor y, Backward backward) {
    const Var out = add_node(op, y, any_needs_grad(inputs));
    if (out.needs_grad()) attach(out, std::move(backward));
    return out;
  }
  // The same with several outputs; the closure runs when any of them has a gradient and reads theirs by grad().
  // `backward(outputs)` receives the outputs as they were returned, in an array.
  template <std::size_t N, class Backward>
  std::array<Var, N> record_many(const char* op, std::initializer_list<Var> inputs,
                                 const std::array<Tensor, N>& ys, Backward backward) {
    const bool needs = any_needs_grad({inputs.begin(), inputs.size()});
    std::array<Var, N> out;
    for (std::size_t i = 0; i < N; ++i) out[i] = add_node(op, ys[i], needs);
    if (needs) {
      nodes_[static_cast<std::size_t>(out[0].index_)].outputs = static_cast<std::int32_t>(N);
      attach(out[0], [out, backward](const Tensor&) { backward(out); });
    }
    return out;
  }

  // Adds dy^T x to the gradient of the weights W [n, k], for dy [m, n] and x [m, k]. For a leaf this is delayed to
  // the end of backward(), which computes one product for about every 512 rows. So a weight that a loop uses at
  // every step costs few products. dy and x must not change until then.
  void add_weight_grad(Var W, Tensor dy, Tensor x);

  // For an op that computes the gradient of W before backward(): memory in its shape, W's own where W is a leaf
  // with nothing in its gradient yet (others may use that gradient meanwhile). In backward the op gives it back
  // with what to multiply it by.
  [[nodiscard]] Tensor early_grad(Var W) { return gradients_.early(W.number()); }
  void give_early_grad(Var W, Tensor grad, double factor) { gradients_.give_early(W.number(), grad, factor); }

  // Runs the closures, latest first, from d y = 1 (y must be one number) or from a given dy. Once a step.
  void backward(Var y);
  void backward(Var y, Tensor dy);

  // Returns the op that first made a value that is not finite, with its shape ("'exp' [64, 512]"); "" if all are
  // finite.
  [[nodiscard]] std::string first_non_finite() const;

  [[nodiscard]] std::size_t node_count() const noexcept { return nodes_.size(); }

 private:
  friend class Var;
  struct Closure {
    void (*call)(const void* closure, const Tensor& dy) = nullptr;
    const void* closure = nullptr;
    Closure* next = nullptr;
  };
  struct Node {
    const char* op = nullptr;
    Tensor value;
    Closure* closures = nullptr;
    std::int32_t outputs = 1;  // this node and the outputs - 1 after it share the closures
  };
  struct WeightGrad {
    std::int32_t node = 0;   // the leaf
    std::int32_t order = 0;  // of arrival
    Tensor dy, x;
  };

  Var add_node(const char* op, Tensor value, bool needs_grad);
  // Whether a weight's gradient that was put off, from that one on, reads the gradient of this node.
  [[nodiscard]] bool put_off(std::size_t node, std::size_t first_weight_grad) const;
  [[nodiscard]] Node& node(const Var& var) { return nodes_[var.number()]; }
  // Whether an op of these inputs is recorded; refuses values of another tape.
  [[nodiscard]] bool any_needs_grad(std::span<const Var> inputs) const;
  void run_closures(Var y, Tensor dy);
  void flush_weight_grads();

  template <class Backward>
  void attach_if_needed(Var out, Var input, Backward backward) {
    if (input.needs_grad()) attach(out, std::move(backward));
  }
  template <class Backward>
  void attach(Var out, Backward backward) {
    static_assert(std::is_trivially_copyable_v<Backward> && std::is_trivially_destructible_v<Backward>,
                  "a closure lives in the arena: capture Var, Tensor, spans of tape.copy() and plain values only");
    static_assert(alignof(Backward) <= Arena::kAlignment);
    auto* placed = new (arena_.allocate(sizeof(Backward))) Backward(std::move(backward));
    auto* closure = new (arena_.allocate(sizeof(Closure))) Closure;
    closure->closure = placed;
    closure->call = [](const void* body, const Tensor& dy) { (*static_cast<const Backward*>(body))(dy); };
    append(out, closure);
  }
  void append(Var out, Closure* closure);

  Arena arena_;
  std::vector<Node> nodes_;
  std::vector<WeightGrad> weight_grads_;
  GradientMemory gradients_;  // one a node
  std::uint32_t step_ = 1;
  PackedWeights* weights_;
  Arithmetic arithmetic_;
  Mode mode_;
  bool ran_backward_ = false;
};

}  // namespace regard
