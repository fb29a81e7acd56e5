#include "framework/models/target_rows.h"

#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard::testing {

TEST_CASE("target_rows: the rows are those of real positions sentence by sentence") {
  Tape tape(DType::f64);
  data::Batch batch;
  batch.B = 3;
  batch.T = 4;
  batch.target_lengths = {2, 4, 1};
  batch.target_tokens = 7;
  const auto rows = models::target_rows(tape, batch);
  CHECK(std::vector<Index>(rows.begin(), rows.end()) == std::vector<Index>{0, 1, 4, 5, 6, 7, 8});
}

TEST_CASE("target_rows: at_rows selects rows of the last axis and gives only these a gradient") {
  Tape tape(DType::f64);
  const std::vector<Index> rows{1, 2};
  const Var y = models::at_rows(tape.input({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), rows);
  CHECK(y.shape() == Shape{2, 2});
  CHECK(differs(y, {3, 4, 5, 6}, 0) == "");
  CHECK(gradcheck("at_rows", {{2, 2, 2}}, [&](const Vars& in) { return models::at_rows(in[0], rows); }) == "");
}

}  // namespace regard::testing
