#pragma once
// The parameters of a part of a model, in double, to be read and set by name.
#include <string>
#include <vector>

#include "framework/nn/params.h"
#include "tests/support/catch.h"

namespace regard::testing {

struct NamedParams {
  nn::ParamStore store{DType::f64, 3};

  // Returns "NAME SHAPE" of each.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const nn::Param& param : store.all()) all.push_back(param.name() + " " + param.shape().text());
    return all;
  }
  void set(const char* name, const std::vector<double>& numbers) const {
    const Tensor value = store.find(name)->value();
    REQUIRE(value.size() == static_cast<Index>(numbers.size()));
    for (Index i = 0; i < value.size(); ++i) value.set(i, numbers[static_cast<std::size_t>(i)]);
  }
};

}  // namespace regard::testing
