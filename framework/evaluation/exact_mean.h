#pragma once
// The mean that Python's statistics.mean gives: the exact sum divided by the count, rounded once.
#include <span>

namespace regard::evaluation {

// Returns the double nearest to the exact mean of `values`, ties to the even one. At least one value; all finite, and
// so is twice their sum. No state: callable from any thread.
[[nodiscard]] double exact_mean(std::span<const double> values);

}  // namespace regard::evaluation
