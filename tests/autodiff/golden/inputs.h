#pragma once
// The inputs of recurrent.py: number i of tensor k is sin(1.7 i + k).
#include <cmath>

#include "tests/support/tensors.h"

namespace regard::golden {

inline testing::Leaf tensor(double k, Shape shape) {
  std::vector<double> values;
  for (Index i = 0; i < shape.size(); ++i) values.push_back(std::sin(1.7 * static_cast<double>(i) + k));
  return {shape, values};
}

}  // namespace regard::golden
