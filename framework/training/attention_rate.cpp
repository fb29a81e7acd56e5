#include "framework/training/attention_rate.h"

#include <algorithm>

namespace regard::training {

double attention_rate(const Shape& shape, const config::OrAuto<double>& given) {
  const Index inputs = shape.rank() > 0 ? shape[shape.rank() - 1] : 1;
  const double by_rule = std::min(1.0, kAttentionInputs / static_cast<double>(std::max<Index>(1, inputs)));
  return given.value_or(by_rule);
}

}  // namespace regard::training
