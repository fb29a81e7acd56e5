#include "framework/autodiff/tape.h"

#include <algorithm>

#include "framework/autodiff/products.h"
#include "framework/base/errors.h"
#include "framework/tensor/kernels.h"

namespace regard {
namespace {

// Rows of delayed weight gradients that are copied together for one product: enough for a fast product, and few
// enough that a long loop does not need a second copy of all rows.
constexpr Index kTogether = 512;

}  // namespace

Tape& Var::tape() const {
  check(tape_ != nullptr, "an empty Var was used");
  return *tape_;
}
Tensor Var::value() const { return tape().node(*this).value; }

std::size_t Var::number() const {
  const std::uint32_t now = tape().step();
  if (step_ != now) {
    throw InternalError(
        fmt::format("a value of step {} is used in step {}; values live until the tape's reset()", step_, now));
  }
  return static_cast<std::size_t>(index_);
}

bool Var::needs_grad() const { return !empty() && tape_->gradients_.needed(number()); }

bool Var::has_grad() const { return !empty() && tape_->gradients_.touched(number()); }

void Var::reserve_grad() const {
  if (needs_grad()) tape_->gradients_.reserve(number());
}

GradSink Var::grad_sink() const { return tape().gradients_.sink(number()); }

GradSink Var::grad_sink_over(const Tensor& dy) const {
  tape().gradients_.pass_on(number(), dy);
  return grad_sink();
}

Tensor Var::grad() const {
  const GradSink sink = grad_sink();
  if (!sink.accumulate) kernels::fill_zero(sink.grad);
  return sink.grad;
}

void Tape::reset() {
  nodes_.clear();
  weight_grads_.clear();
  gradients_.reset();
  arena_.reset();
  ++step_;
  ran_backward_ = false;
}

Tensor Tape::tensor(Shape shape) {
  return {arena_.allocate(static_cast<std::size_t>(shape.size() * size_of(type()))), type(), shape};
}

Tensor Tape::zeros(Shape shape) {
  const Tensor tensor = this->tensor(shape);
  kernels::fill_zero(tensor);
  return tensor;
}

Var Tape::add_node(const char* op, Tensor value, bool needs_grad) {
  check(value.type() == type(), "a tensor of another element type was put on the tape");
  Node& node = nodes_.emplace_back();
  node.op = op;
  node.value = value;
  gradients_.add(value.shape(), needs_grad);
  return {this, static_cast<std::int32_t>(nodes_.size() - 1), step_};
}

Var Tape::input(Tensor value) { return add_node("input", value, false); }

Var Tape::input(Shape shape, std::initializer_list<double> values) {
  check(static_cast<Index>(values.size()) == shape.size(),
        "an input needs as many values as its shape has elements");
  const Tensor value = tensor(shape);
  Index at = 0;
  for (const double v : values) value.set(at++, v);
  return input(value);
}

Var Tape::leaf(Tensor value, Tensor grad, bool accumulate) {
  check(!recording() || (value.shape() == grad.shape() && value.type() == grad.type()),
        "a leaf's gradient must have the shape and element type of its value");
  const Var var = add_node("leaf", value, recording());
  gradients_.make_leaf(nodes_.size() - 1, grad, accumulate);
  return var;
}

bool Tape::has_leaf(const Var& var, const Tensor& value) const noexcept {
  const auto index = static_cast<std::size_t>(var.index_);
  return var.tape_ == this && var.step_ == step_ && index < nodes_.size() && gradients_.is_leaf(index) &&
         nodes_[index].value.raw() == value.raw();
}

Tensor Tape::scratch_tensor(Shape shape) {
  return {allocate_scratch(static_cast<std::size_t>(shape.size() * size_of(type()))), type(), shape};
}

bool Tape::any_needs_grad(std::span<const Var> inputs) const {
  for (const Var& input : inputs)
    check(input.empty() || input.tape_ == this, "an op was given values of two tapes");
  return std::any_of(inputs.begin(), inputs.end(), [](const Var& input) { return input.needs_grad(); });
}

void Tape::append(Var out, Closure* closure) {
  Closure** last = &node(out).closures;
  while (*last != nullptr) last = &(*last)->next;
  *last = closure;
}

void Tape::add_weight_grad(Var W, Tensor dy, Tensor x) {
  check(dy.rows() == x.rows() && W.shape() == Shape({dy.cols(), x.cols()}),
        "a weight gradient's shapes do not fit");
  if (dy.rows() == 0) return;
  if (gradients_.is_leaf(W.number())) {
    weight_grads_.push_back({W.index_, static_cast<std::int32_t>(weight_grads_.size()), dy.matrix(), x.matrix()});
  } else {
    give_weight(dy.matrix(), x.matrix(), W);
  }
}

void Tape::flush_weight_grads() {
  // Not stable_sort: it takes memory from the heap.
  std::sort(weight_grads_.begin(), weight_grads_.end(), [](const WeightGrad& a, const WeightGrad& b) {
    return a.node != b.node ? a.node < b.node : a.order < b.order;
  });
  for (std::size_t begin = 0; begin < weight_grads_.size();) {
    const std::int32_t index = weight_grads_[begin].node;
    std::size_t end = begin;
    Index rows = 0;
    while (end < weight_grads_.size() && weight_grads_[end].node == index && (end == begin || rows < kTogether)) {
      rows += weight_grads_[end++].dy.rows();
    }
    Tensor dy = weight_grads_[begin].dy;
    Tensor x = weight_grads_[begin].x;
    const Var W(this, index, step_);
    W.reserve_grad();
    const Scratch scratch(*this);
    if (end - begin > 1) {
      dy = tensor({rows, dy.cols()});
      x = tensor({rows, x.cols()});
      Index row = 0;
      for (std::size_t at = begin; at < end; ++at) {
        const WeightGrad& part = weight_grads_[at];
        kernels::copy(part.dy, dy.slice(row, part.dy.rows()));
        kernels::copy(part.x, x.slice(row, part.x.rows()));
        row += part.dy.rows();
      }
    }
    give_weight(dy, x, W);
    begin = end;
  }
  weight_grads_.clear();
}

void Tape::backward(Var y) {
  check(y.value().size() == 1, "backward without a gradient starts from one number");
  const Tensor one = tensor(y.shape());
  one.set(0, 1);
  backward(y, one);
}

void Tape::backward(Var y, Tensor dy) {
  check(recording(), "backward on a tape that does not record");
  check(!ran_backward_, "backward called twice in one step");
  check(dy.shape() == y.shape(), "backward's gradient must have the shape of its value");
  ran_backward_ = true;
  if (y.needs_grad()) run_closures(y, dy);
  gradients_.finish_leaves();
}

bool Tape::put_off(std::size_t node, std::size_t first_weight_grad) const {
  const void* const memory = gradients_.address(node);
  return std::any_of(weight_grads_.begin() + static_cast<std::ptrdiff_t>(first_weight_grad), weight_grads_.end(),
                     [memory](const WeightGrad& part) { return part.dy.raw() == memory; });
}

void Tape::run_closures(Var y, Tensor dy) {
  kernels::accumulate(dy, y.grad());
  for (auto index = static_cast<std::size_t>(y.index_) + 1; index-- > 0;) {
    if (nodes_[index].closures == nullptr) continue;
    const std::size_t last = index + static_cast<std::size_t>(nodes_[index].outputs);
    bool reached = false;
    for (std::size_t output = index; output < last; ++output) reached = reached || gradients_.touched(output);
    if (!reached) continue;
    const Tensor grad = Var(this, static_cast<std::int32_t>(index), step_).grad();
    const std::size_t first = weight_grads_.size();
    gradients_.begin_op();
    for (const Closure* closure = nodes_[index].closures; closure != nullptr; closure = closure->next) {
      closure->call(closure->closure, grad);
    }
    for (std::size_t output = index; output < last; ++output) gradients_.give_back(output, put_off(output, first));
  }
  flush_weight_grads();
}

std::string Tape::first_non_finite() const {
  for (const Node& node : nodes_) {
    if (!kernels::all_finite(node.value)) return fmt::format("'{}' {}", node.op, node.value.shape().text());
  }
  return {};
}

}  // namespace regard
