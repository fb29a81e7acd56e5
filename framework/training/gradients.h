#pragma once
// All parameters as one row of numbers, cut into blocks by their shapes alone: what runs over them in one pass,
// with any number of threads, and gives the same bytes.
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

// In the order of the store. It must gain no parameter afterwards.
[[nodiscard]] std::vector<Block> blocks_of(const nn::ParamStore& params);

// The norm of all gradients together: squares summed in double, within a block, then over the blocks in their
// order.
class GradientNorm final {
 public:
  explicit GradientNorm(const nn::ParamStore& params) : blocks_(blocks_of(params)), sums_(blocks_.size()) {}
  // Takes nothing from the heap. Not finite where some gradient is not.
  [[nodiscard]] double operator()();

 private:
  std::vector<Block> blocks_;
  std::vector<double> sums_;
};

// What gradients are multiplied by so that their norm is at most `limit` (Pascanu et al. 2013, algorithm 1); 1
// where it is already, or where limit is 0.
[[nodiscard]] double clip_scale(double norm, double limit) noexcept;

// The first parameter whose gradient, or value, is not finite, as "'decoder/W_c/W' [512, 1024]"; "" where all are.
[[nodiscard]] std::string first_non_finite_gradient(const nn::ParamStore& params);
[[nodiscard]] std::string first_non_finite_value(const nn::ParamStore& params);

}  // namespace regard::training
