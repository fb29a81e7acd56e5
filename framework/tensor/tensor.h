#pragma once
// A tensor is a view: pointer, element type, shape; contiguous and row-major. It never owns memory; an arena, a
// parameter store or the caller does. Copying it copies the view; the elements of a `const Tensor` may change.
#include <type_traits>

#include "framework/base/errors.h"
#include "framework/tensor/dtype.h"
#include "framework/tensor/shape.h"

namespace regard {

class Tensor {
 public:
  Tensor() = default;
  Tensor(void* data, DType type, Shape shape) : data_(data), shape_(shape), type_(type) {}

  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] DType type() const noexcept { return type_; }
  [[nodiscard]] Index size() const noexcept { return shape_.size(); }
  [[nodiscard]] Index rows() const noexcept { return shape_.rows(); }
  [[nodiscard]] Index cols() const noexcept { return shape_.cols(); }
  [[nodiscard]] Index bytes() const noexcept { return size() * size_of(type_); }
  [[nodiscard]] bool empty() const noexcept { return data_ == nullptr; }
  [[nodiscard]] void* raw() const noexcept { return data_; }

  // Returns the elements as T, which must be the element type.
  template <class T>
  [[nodiscard]] T* data() const {
    check(dtype_of<T> == type_, "a tensor was read as another element type");
    return static_cast<T*>(data_);
  }
  // Returns one element as double, for any type; for tests, messages and small outputs.
  [[nodiscard]] double at(Index flat) const {
    check(flat >= 0 && flat < size(), "element out of range");
    return type_ == DType::f32 ? static_cast<double>(static_cast<const float*>(data_)[flat])
                               : static_cast<const double*>(data_)[flat];
  }
  void set(Index flat, double value) const {
    check(flat >= 0 && flat < size(), "element out of range");
    if (type_ == DType::f32) {
      static_cast<float*>(data_)[flat] = static_cast<float>(value);
    } else {
      static_cast<double*>(data_)[flat] = value;
    }
  }

  // Returns the same elements with another shape of the same size.
  [[nodiscard]] Tensor as(Shape shape) const {
    check(shape.size() == size(), "a view under another shape must keep the number of elements");
    return {data_, type_, shape};
  }
  // Returns the same elements as a matrix [rows, cols].
  [[nodiscard]] Tensor matrix() const { return {data_, type_, Shape{rows(), cols()}}; }
  // Returns `count` entries of the first axis, from `begin`.
  [[nodiscard]] Tensor slice(Index begin, Index count) const {
    check(shape_.rank() > 0 && begin >= 0 && count >= 0 && begin + count <= shape_[0], "slice out of range");
    Shape part{count};
    for (int axis = 1; axis < shape_.rank(); ++axis) part.push_back(shape_[axis]);
    const Index each = shape_[0] == 0 ? 0 : size() / shape_[0];
    return {static_cast<char*>(data_) + begin * each * size_of(type_), type_, part};
  }

 private:
  void* data_ = nullptr;
  Shape shape_;
  DType type_ = DType::f32;
};

static_assert(std::is_trivially_copyable_v<Tensor> && std::is_trivially_destructible_v<Tensor>);

}  // namespace regard
