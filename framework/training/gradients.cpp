#include "framework/training/gradients.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/base/parallel.h"
#include "framework/tensor/kernels.h"
#include "framework/tensor/simd/math/vector_math.h"

namespace regard::training {
namespace {

template <class Pick>
std::string first_non_finite(const nn::ParamStore& params, Pick pick) {
  for (const nn::Param& param : params.all()) {
    if (!kernels::all_finite(pick(param))) return fmt::format("'{}' {}", param.name(), param.shape().text());
  }
  return {};
}

}  // namespace

std::vector<Block> blocks_of(const nn::ParamStore& params) {
  std::vector<Block> blocks;
  std::size_t index = 0;
  for (const nn::Param& param : params.all()) {
    const Index size = param.value().size();
    for (Index begin = 0; begin < size; begin += kBlock) {
      blocks.push_back({&param, index, begin, std::min(kBlock, size - begin)});
    }
    ++index;
  }
  return blocks;
}

double GradientNorm::operator()() {
  parallel_for(static_cast<Index>(blocks_.size()), 1, [&](Index begin, Index end) {
    for (auto at = static_cast<std::size_t>(begin); at < static_cast<std::size_t>(end); ++at) {
      const Block& block = blocks_[at];
      const Tensor& grad = block.param->grad();
      sums_[at] = dispatch(grad.type(), [&](auto tag) {
        return simd::sum_of_squares(block.count, static_cast<const decltype(tag)*>(grad.raw()) + block.begin);
      });
    }
  });
  double sum = 0;
  for (const double part : sums_) sum += part;
  return std::sqrt(sum);
}

double clip_scale(double norm, double limit) noexcept { return limit > 0 && norm > limit ? limit / norm : 1; }

std::string first_non_finite_gradient(const nn::ParamStore& params) {
  return first_non_finite(params, [](const nn::Param& param) -> const Tensor& { return param.grad(); });
}

std::string first_non_finite_value(const nn::ParamStore& params) {
  return first_non_finite(params, [](const nn::Param& param) -> const Tensor& { return param.value(); });
}

}  // namespace regard::training
