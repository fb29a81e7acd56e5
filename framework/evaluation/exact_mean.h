#pragma once
// Computes the same mean as Python's statistics.mean: the exact sum divided by the count, rounded once.
#include <span>

namespace regard::evaluation {

// Returns the double nearest to the exact mean of `values`; of two equally near, the even one. There must be at least
// one value; all values and twice their sum must be finite. No state: callable from any thread.
[[nodiscard]] double exact_mean(std::span<const double> values);

}  // namespace regard::evaluation
