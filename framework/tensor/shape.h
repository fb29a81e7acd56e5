#pragma once
// The shape of a tensor: rank 0 (one number) to 4, stored inline so that a closure on the tape can capture it.
#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <string>

#include "framework/base/base.h"
#include "framework/base/errors.h"

namespace regard {

class Shape {
 public:
  static constexpr int kMaxRank = 4;

  constexpr Shape() = default;
  Shape(std::initializer_list<Index> dims) {
    check(dims.size() <= kMaxRank, "a shape has at most 4 axes");
    for (const Index dim : dims) push_back(dim);
  }

  [[nodiscard]] constexpr int rank() const noexcept { return rank_; }
  // Returns the length of an axis; negative axes count from the end: shape[-1] is the last.
  [[nodiscard]] Index operator[](int axis) const {
    const int at = axis < 0 ? axis + rank_ : axis;
    check(at >= 0 && at < rank_, "axis out of range");
    return dims_[static_cast<std::size_t>(at)];
  }
  // Returns the number of elements; 1 for rank 0.
  [[nodiscard]] constexpr Index size() const noexcept {
    Index size = 1;
    for (int axis = 0; axis < rank_; ++axis) size *= dims_[static_cast<std::size_t>(axis)];
    return size;
  }
  // The matrix view for ops over rows: cols() is the length of the last axis (1 for rank 0), rows() the product of all
  // axes before it.
  [[nodiscard]] constexpr Index cols() const noexcept {
    return rank_ == 0 ? 1 : dims_[static_cast<std::size_t>(rank_ - 1)];
  }
  [[nodiscard]] constexpr Index rows() const noexcept {
    Index rows = 1;
    for (int axis = 0; axis + 1 < rank_; ++axis) rows *= dims_[static_cast<std::size_t>(axis)];
    return rows;
  }
  // Returns the same shape with another last axis.
  [[nodiscard]] Shape with_cols(Index cols) const {
    check(rank_ > 0, "a number has no last axis");
    Shape shape = *this;
    shape.dims_[static_cast<std::size_t>(rank_ - 1)] = cols;
    return shape;
  }
  void push_back(Index dim) {
    check(rank_ < kMaxRank, "a shape has at most 4 axes");
    dims_[static_cast<std::size_t>(rank_++)] = dim;
  }
  friend bool operator==(const Shape&, const Shape&) = default;

  // Returns, for example, "[2, 3]".
  [[nodiscard]] std::string text() const {
    std::string text = "[";
    for (int axis = 0; axis < rank_; ++axis) {
      text += fmt::format("{}{}", axis ? ", " : "", dims_[static_cast<std::size_t>(axis)]);
    }
    return text + "]";
  }

 private:
  std::array<Index, kMaxRank> dims_{};
  int rank_ = 0;
};

}  // namespace regard
