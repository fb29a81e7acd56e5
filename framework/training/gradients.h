#pragma once
// Splits the parameters into blocks that depend only on their shapes, so that a pass over the blocks gives the same
// bytes for any number of threads.
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
                                << 14;  // elements: 64 kB of float, so that several arrays fit into a core's cache

// Returns the blocks in the order of the store. No parameter may be added to the store afterwards.
[[nodiscard]] std::vector<Block> blocks_of(const nn::ParamStore& params);

// Computes the norm of all gradients together. Squares are summed in double within each block, then over the blocks in
// their order.
class GradientNorm final {
 public:
  explicit GradientNorm(const nn::ParamStore& params) : blocks_(blocks_of(params)), sums_(blocks_.size()) {}
  // Returns the norm; it is not finite if some gradient is not. Allocates nothing on the heap.
  [[nodiscard]] double operator()();

 private:
  std::vector<Block> blocks_;
  std::vector<double> sums_;
};

// Returns the factor that reduces the norm of the gradients to `limit` (Pascanu et al. 2013, algorithm 1); 1 if the
// norm is not larger, or if limit is 0.
[[nodiscard]] double clip_scale(double norm, double limit) noexcept;

// Return the first parameter whose gradient or value is not finite, as "'decoder/W_c/W' [512, 1024]"; "" if all are
// finite.
[[nodiscard]] std::string first_non_finite_gradient(const nn::ParamStore& params);
[[nodiscard]] std::string first_non_finite_value(const nn::ParamStore& params);

}  // namespace regard::training
