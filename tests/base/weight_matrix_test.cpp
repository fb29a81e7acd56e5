#include "framework/base/weight_matrix.h"

#include "tests/support/catch.h"

namespace regard {

TEST_CASE("weight matrix: rows of float or double are appended and read back") {
  WeightMatrix weights;
  CHECK(weights.empty());
  const std::vector<float> first{0.25F, 0.75F, 0};
  const std::vector<double> second{0.1, 0.2, 0.7};
  weights.add_row(std::span<const float>(first));
  weights.add_row(std::span<const double>(second));
  CHECK_FALSE(weights.empty());
  CHECK(weights == WeightMatrix{2, 3, {0.25, 0.75, 0, 0.1, 0.2, 0.7}});
  CHECK(weights.at(0, 1) == 0.75);
  CHECK(weights.at(1, 0) == 0.1);
  CHECK(std::vector<double>(weights.row(1).begin(), weights.row(1).end()) == second);
}

TEST_CASE("weight matrix: a row of another length is refused") {
  WeightMatrix weights{1, 2, {0.5, 0.5}};
  const std::vector<double> longer{0.2, 0.3, 0.5};
  std::string said;
  try {
    weights.add_row(std::span<const double>(longer));
  } catch (const InternalError& error) {
    said = error.what();
  }
  CHECK(said.ends_with(": a row of attention weights has another length"));
  CHECK(weights == WeightMatrix{1, 2, {0.5, 0.5}});
}

TEST_CASE("weight matrix: the last row can be removed until there is none") {
  WeightMatrix weights{2, 2, {0.5, 0.5, 0.25, 0.75}};
  weights.remove_last_row();
  CHECK(weights == WeightMatrix{1, 2, {0.5, 0.5}});
  weights.remove_last_row();
  CHECK(weights.empty());
  CHECK_THROWS_AS(weights.remove_last_row(), InternalError);
}

}  // namespace regard
