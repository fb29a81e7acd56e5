#include "framework/autodiff/gradient_memory.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <memory>

#include "framework/base/errors.h"
#include "framework/tensor/kernels.h"

namespace regard {

void GradientMemory::reset() {
  gradients_.clear();
  lent_.clear();
  free_.clear();
}

void GradientMemory::add(const Shape& shape, bool needed) {
  Gradient& gradient = gradients_.emplace_back();
  gradient.shape = shape;
  gradient.needed = needed;
}

void GradientMemory::make_leaf(std::size_t node, const Tensor& memory, bool accumulate) {
  Gradient& gradient = gradients_[node];
  gradient.memory = memory;
  gradient.is_leaf = true;
  gradient.touched = accumulate;
}

Tensor GradientMemory::arena_tensor(const Shape& shape) {
  return {arena_.allocate(static_cast<std::size_t>(shape.size() * size_of(type_))), type_, shape};
}

Tensor GradientMemory::allocate(const Shape& shape) {
  const Index bytes = shape.size() * size_of(type_);
  const auto fits =
      std::find_if(free_.rbegin(), free_.rend(), [bytes](const Tensor& grad) { return grad.bytes() == bytes; });
  if (fits == free_.rend()) return arena_tensor(shape);
  const Tensor found = fits->as(shape);
  free_.erase(std::next(fits).base());
  return found;
}

void GradientMemory::reserve(std::size_t node) {
  Gradient& gradient = gradients_[node];
  Lent* const early = lent(node);
  check(idle_.empty() || !gradient.is_leaf || gradient.touched || early != nullptr,
        "a leaf's gradient was first asked for while an op's Scratch had its memory (Tape::scratch_tensor)");
  const bool occupied = early != nullptr && early->grad.raw() == gradient.memory.raw();
  if (!gradient.memory.empty() && !occupied) return;
  check(scratches_ == 0, "a gradient was first asked for within a Scratch, which would take its memory");
  check(!gradient.passed, "a gradient was asked for after the backward of its op, which gave its memory back");
  const Tensor found = allocate(gradient.shape);
  if (occupied) {
    kernels::copy(gradient.memory, found);
    early->grad = found;
  } else {
    gradient.memory = found;
  }
}

GradSink GradientMemory::sink(std::size_t node) {
  reserve(node);
  Gradient& gradient = gradients_[node];
  const bool accumulate = gradient.touched;
  gradient.touched = true;
  return {gradient.memory, accumulate};
}

void GradientMemory::finish_leaves() {
  for (const Gradient& gradient : gradients_) {
    if (gradient.is_leaf && gradient.needed && !gradient.touched) kernels::fill_zero(gradient.memory);
  }
}

void GradientMemory::pass_on(std::size_t node, const Tensor& dy) {
  Gradient& gradient = gradients_[node];
  if (!gradient.memory.empty()) return;
  gradient.memory = dy.as(gradient.shape);
  passed_on_.push_back(dy.raw());
}

void GradientMemory::give_back(std::size_t node, bool kept) {
  Gradient& gradient = gradients_[node];
  gradient.passed = true;
  void* const memory = gradient.memory.raw();
  if (kept || memory == nullptr || std::find(passed_on_.begin(), passed_on_.end(), memory) != passed_on_.end())
    return;
#ifndef NDEBUG
  std::memset(memory, 0xff, static_cast<std::size_t>(gradient.memory.bytes()));  // NaN, as the arena's
#endif
  free_.push_back(gradient.memory);
  gradient.memory = {};
}

GradientMemory::Lent* GradientMemory::lent(std::size_t node) {
  for (Lent& entry : lent_) {
    if (entry.node == node) return &entry;
  }
  return nullptr;
}

Tensor GradientMemory::early(std::size_t node) {
  const Gradient& leaf = gradients_[node];
  if (!leaf.is_leaf || leaf.touched || leaf.memory.empty() || lent(node) != nullptr)
    return arena_tensor(leaf.shape);
  lent_.push_back({node, leaf.memory});
  return leaf.memory;
}

void GradientMemory::give_early(std::size_t node, Tensor grad, double factor) {
  Gradient& leaf = gradients_[node];
  Lent* const early = leaf.is_leaf && grad.raw() == leaf.memory.raw() ? lent(node) : nullptr;
  if (early != nullptr && early->grad.raw() == grad.raw()) {
    kernels::scale(grad, factor, grad, false);
    leaf.touched = true;
    early->grad = {};
    return;
  }
  if (early != nullptr) grad = early->grad;
  const GradSink to = sink(node);
  kernels::scale(grad, factor, to.grad, to.accumulate);
}

void GradientMemory::close_scratch() {
  if (--scratches_ == 0) idle_.clear();
}

void GradientMemory::find_idle() {
  for (std::size_t node = 0; node < gradients_.size(); ++node) {
    const Gradient& gradient = gradients_[node];
    if (!gradient.is_leaf || !gradient.needed || gradient.touched || lent(node) != nullptr) continue;
    auto* const begin = static_cast<std::byte*>(gradient.memory.raw());
    idle_.push_back({begin, begin + gradient.memory.bytes()});
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

void* GradientMemory::allocate_scratch(std::size_t bytes) {
  check(scratches_ > 0, "scratch memory was asked for outside a Scratch");
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

}  // namespace regard
