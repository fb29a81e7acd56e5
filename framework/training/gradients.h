#pragma once
// All parameters as one row of numbers, split into blocks that depend only on their shapes. A pass over the blocks
// gives the same bytes for any number of threads.
#include <string>
#include <vector>

#include "framework/nn/params.h"

namespace regard::training {

struct Block {
  const nn::Param* param = nullptr;
  std::size_t index = 0;  // of the parameter in the store
  Index begin = 0;        // first element
  Index count = 0;
};

inline constexpr Index kBlock = Index{1}
                                << 14;  // elements: 64 kB of float, several arrays of which fit a core's cache

// Returns the blocks in the order of the store. No parameter may be added to the store afterwards.
[[nodiscard]] std::vector<Block> blocks_of(const nn::ParamStore& params);

// The norm of all gradients together: squares summed in double, within a block, then over the blocks in their
// order.
class GradientNorm final {
 public:
  explicit GradientNorm(const nn::ParamStore& params) : blocks_(blocks_of(params)), sums_(blocks_.size()) {}
  // Returns the norm; it is not finite if some gradient is not. Allocates nothing on the heap.
  [[nodiscard]] double operator()();

 private:
  std::vector<Block> blocks_;
  std::vector<double> sums_;
};

// Returns the factor that makes the norm of the gradients at most `limit` (Pascanu et al. 2013, algorithm 1); 1 if
// it is already, or if limit is 0.
[[nodiscard]] double clip_scale(double norm, double limit) noexcept;

// Returns the first parameter whose gradient or value is not finite, as "'decoder/W_c/W' [512, 1024]"; "" if all
// are finite.
[[nodiscard]] std::string first_non_finite_gradient(const nn::ParamStore& params);
[[nodiscard]] std::string first_non_finite_value(const nn::ParamStore& params);

}  // namespace regard::training
