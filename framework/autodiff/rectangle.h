#pragma once
// A slice of the last or second axis, or a part of a join, is a rectangle of a matrix: `pitch` elements from row
// to row, `count` of them from `begin`.
#include "framework/tensor/tensor.h"

namespace regard {

struct Rectangle {
  Index pitch, begin;
};

// Computes to (+)= from, both `rows` rows of `count` elements.
void copy_rectangle(const Tensor& from, Rectangle at_from, const Tensor& to, Rectangle at_to, Index rows,
                    Index count, bool accumulate);

}  // namespace regard
