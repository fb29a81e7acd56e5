#include "framework/autodiff/tape.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "framework/autodiff/products.h"
#include "framework/base/errors.h"
#include "framework/tensor/kernels.h"

namespace regard {
namespace {

// Rows of put-off weight gradients that are copied together for one product: enough to keep it fast, and few
// enough that a long loop needs no second copy of all it holds.
constexpr Index kTogether = 512;

}  // namespace

Tape& Var::tape() const {
  check(tape_ != nullptr, "an empty Var was used");
  return *tape_;
}
Tensor Var::value() const { return tape().node(*this).value; }
bool Var::needs_grad() const { return !empty() && tape().node(*this).needs_grad; }

bool Var::has_grad() const { return !empty() && tape().node(*this).touched; }

void Var::reserve_grad() const {
  if (needs_grad()) tape().take_grad(tape().node(*this));
}

GradSink Var::grad_sink_over(const Tensor& dy) const {
  Tape::Node& node = tape().node(*this);
  if (node.grad.empty()) {
    node.grad = dy.as(node.value.shape());
    tape_->passed_on_.push_back(dy.raw());
  }
  return grad_sink();
}

GradSink Var::grad_sink() const {
  Tape::Node& node = tape().node(*this);
  tape_->take_grad(node);
  const bool accumulate = node.touched;
  node.touched = true;
  return {node.grad, accumulate};
}

Tensor Var::grad() const {
  const GradSink sink = grad_sink();
  if (!sink.accumulate) kernels::fill_zero(sink.grad);
  return sink.grad;
}

Tape::Node& Tape::node(const Var& var) {
  if (var.step_ != step_) {
    throw InternalError(fmt::format("a value of step {} is used in step {}; values live until the tape's reset()",
                                    var.step_, step_));
  }
  return nodes_[static_cast<std::size_t>(var.index_)];
}

void Tape::reset() {
  nodes_.clear();
  weight_grads_.clear();
  lent_.clear();
  free_grads_.clear();
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
  node.needs_grad = needs_grad;
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
  Node& node = nodes_.back();
  node.grad = grad;
  node.is_leaf = true;
  node.touched = accumulate;
  return var;
}

bool Tape::has_leaf(const Var& var, const Tensor& value) const noexcept {
  const auto index = static_cast<std::size_t>(var.index_);
  return var.tape_ == this && var.step_ == step_ && index < nodes_.size() && nodes_[index].is_leaf &&
         nodes_[index].value.raw() == value.raw();
}

void Tape::take_grad(Node& node) {
  Lent* const early = lent(node);
  check(idle_.empty() || !node.is_leaf || node.touched || early != nullptr,
        "a leaf's gradient was first asked for while an op's Scratch had its memory (Tape::spare)");
  const bool occupied = early != nullptr && early->grad.raw() == node.grad.raw();
  if (!node.grad.empty() && !occupied) return;
  check(scratches_ == 0, "a gradient was first asked for within a Scratch, which would take its memory");
  check(!node.passed, "a gradient was asked for after the backward of its op, which gave its memory back");
  const Tensor room = grad_room(node.value.shape());
  if (occupied) {
    kernels::copy(node.grad, room);
    early->grad = room;
  } else {
    node.grad = room;
  }
}

Tensor Tape::grad_room(const Shape& shape) {
  const Index bytes = shape.size() * size_of(type());
  const auto fits = std::find_if(free_grads_.rbegin(), free_grads_.rend(),
                                 [bytes](const Tensor& grad) { return grad.bytes() == bytes; });
  if (fits == free_grads_.rend()) return tensor(shape);
  const Tensor room = fits->as(shape);
  free_grads_.erase(std::next(fits).base());
  return room;
}

void Tape::give_back_grad(Node& node, std::size_t first_weight_grad) {
  node.passed = true;
  const void* const memory = node.grad.raw();
  const auto is_it = [memory](const WeightGrad& part) { return part.dy.raw() == memory; };
  if (node.grad.empty() || std::find(passed_on_.begin(), passed_on_.end(), memory) != passed_on_.end() ||
      std::any_of(weight_grads_.begin() + static_cast<std::ptrdiff_t>(first_weight_grad), weight_grads_.end(),
                  is_it)) {
    return;
  }
#ifndef NDEBUG
  std::memset(node.grad.raw(), 0xff, static_cast<std::size_t>(node.grad.bytes()));  // NaN, as the arena's
#endif
  free_grads_.push_back(node.grad);
  node.grad = {};
}

Tape::Lent* Tape::lent(const Node& leaf) {
  for (Lent& entry : lent_) {
    if (&nodes_[static_cast<std::size_t>(entry.node)] == &leaf) return &entry;
  }
  return nullptr;
}

Tensor Tape::early_grad(Var W) {
  const Node& leaf = node(W);
  if (!leaf.is_leaf || leaf.touched || leaf.grad.empty() || lent(leaf) != nullptr)
    return tensor(leaf.value.shape());
  lent_.push_back({W.index_, leaf.grad});
  return leaf.grad;
}

void Tape::give_early_grad(Var W, Tensor grad, double factor) {
  Node& leaf = node(W);
  Lent* const early = leaf.is_leaf && grad.raw() == leaf.grad.raw() ? lent(leaf) : nullptr;
  if (early != nullptr && early->grad.raw() == grad.raw()) {
    kernels::scale(grad, factor, grad, false);
    leaf.touched = true;
    early->grad = {};
    return;
  }
  if (early != nullptr) grad = early->grad;
  const GradSink sink = W.grad_sink();
  kernels::scale(grad, factor, sink.grad, sink.accumulate);
}

void Tape::find_idle() {
  for (const Node& node : nodes_) {
    if (!node.is_leaf || !node.needs_grad || node.touched || lent(node) != nullptr) continue;
    auto* const begin = static_cast<std::byte*>(node.grad.raw());
    idle_.push_back({begin, begin + node.grad.bytes()});
  }
  std::sort(idle_.begin(), idle_.end(), [](const Idle& a, const Idle& b) { return a.begin < b.begin; });
  std::size_t last = 0;
  for (std::size_t at = 1; at < idle_.size(); ++at) {
    if (idle_[at].begin == idle_[last].end) {
      idle_[last].end = idle_[at].end;
    } else {
      idle_[++last] = idle_[at];
    }
  }
  if (!idle_.empty()) idle_.resize(last + 1);
}

void* Tape::spare_room(std::size_t bytes) {
  check(scratches_ > 0, "spare memory was asked for outside a Scratch");
  if (idle_.empty()) find_idle();
  for (Idle& idle : idle_) {
    void* begin = idle.begin;
    auto left = static_cast<std::size_t>(idle.end - idle.begin);
    if (std::align(Arena::kAlignment, bytes, begin, left) == nullptr) continue;
    idle.begin = static_cast<std::byte*>(begin) + bytes;
    return begin;
  }
  return arena_.allocate(bytes);
}

Tensor Tape::spare(Shape shape) {
  return {spare_room(static_cast<std::size_t>(shape.size() * size_of(type()))), type(), shape};
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
  if (node(W).is_leaf) {
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
  for (Node& node : nodes_) {
    if (node.is_leaf && node.needs_grad && !node.touched) kernels::fill_zero(node.grad);
  }
}

void Tape::run_closures(Var y, Tensor dy) {
  kernels::accumulate(dy, y.grad());
  for (auto index = static_cast<std::size_t>(y.index_) + 1; index-- > 0;) {
    if (nodes_[index].closures == nullptr) continue;
    const std::size_t last = index + static_cast<std::size_t>(nodes_[index].outputs);
    if (std::none_of(nodes_.begin() + static_cast<std::ptrdiff_t>(index),
                     nodes_.begin() + static_cast<std::ptrdiff_t>(last),
                     [](const Node& node) { return node.touched; })) {
      continue;
    }
    const Tensor grad = Var(this, static_cast<std::int32_t>(index), step_).grad();
    const std::size_t put_off = weight_grads_.size();
    passed_on_.clear();
    for (const Closure* closure = nodes_[index].closures; closure != nullptr; closure = closure->next) {
      closure->call(closure->closure, grad);
    }
    for (std::size_t output = index; output < last; ++output) give_back_grad(nodes_[output], put_off);
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
