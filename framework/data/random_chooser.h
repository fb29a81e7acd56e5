#pragma once
// A sequence of draws from one key, for code whose choices depend on earlier ones (a grammar). Draw i is number i of
// the key, so the sequence is the same with every compiler and library.
#include <initializer_list>
#include <span>

#include "framework/base/errors.h"
#include "framework/base/random.h"

namespace regard::data {

class RandomChooser final {
 public:
  explicit RandomChooser(Key key) : key_(key) {}

  // Returns a number in [0, n), n > 0.
  [[nodiscard]] Index below(Index n) { return key_.below(n, drawn_++); }
  [[nodiscard]] bool chance(int percent) { return below(100) < percent; }

  template <class T>
  [[nodiscard]] const T& pick(std::span<const T> items) {
    return items[static_cast<std::size_t>(below(static_cast<Index>(items.size())))];
  }

  // Returns the index of a weight, drawn in proportion to the weights, which are not negative and not all 0.
  [[nodiscard]] int weighted(std::initializer_list<int> weights) {
    Index sum = 0;
    for (const int weight : weights) sum += weight;
    check(sum > 0, "one of the weights is more than 0");
    Index left = below(sum);
    int chosen = 0;
    for (const int weight : weights) {
      if (left < weight) break;
      left -= weight;
      ++chosen;
    }
    return chosen;
  }

 private:
  Key key_;
  Index drawn_ = 0;
};

}  // namespace regard::data
