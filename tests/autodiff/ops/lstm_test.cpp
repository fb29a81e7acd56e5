#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"

namespace regard {
namespace {

using testing::gradcheck;
using testing::Vars;

const std::vector<Index> kLengths{2, 4, 1};

// The three outputs side by side, so that one check covers them and their sum of paths.
Var all_outputs(const Vars& in, Direction direction) {
  const auto [h, h_n, c_n] = lstm(in[0], kLengths, {in[1], in[2], in[3]}, in[4], in[5], direction);
  const Var flat = reshape(h, {3, 4 * 2});
  return concat(flat, concat(h_n, c_n));
}

}  // namespace

TEST_CASE("lstm: gradcheck in both directions", "[gradcheck]") {
  const std::vector<Shape> shapes{{3, 4, 3}, {8, 3}, {8, 2}, {8}, {3, 2}, {3, 2}};
  CHECK(gradcheck("lstm", shapes, [](const Vars& in) { return all_outputs(in, Direction::forward); }) == "");
  CHECK(gradcheck("lstm", shapes, [](const Vars& in) { return all_outputs(in, Direction::backward); }) == "");
}

TEST_CASE("lstm: a sequence equals its steps", "[gradcheck]") {
  const std::vector<Shape> shapes{{2, 3, 3}, {8, 3}, {8, 2}, {8}, {2, 2}, {2, 2}};
  CHECK(gradcheck("lstm - lstm_cell", shapes, [](const Vars& in) {
          const auto whole = lstm(in[0], std::vector<Index>{3, 3}, {in[1], in[2], in[3]}, in[4], in[5]);
          Var h = in[4];
          Var c = in[5];
          std::vector<Var> steps;
          const Var gates = affine(in[0], in[1], in[3]);
          for (Index t = 0; t < 3; ++t) {
            const auto next = lstm_cell(reshape(slice_time(gates, t, 1), {2, 8}), in[2], h, c);
            h = next[0];
            c = next[1];
            steps.push_back(reshape(h, {2, 1, 2}));
          }
          const Var difference = sub(whole[0], concat_time(steps));
          for (Index i = 0; i < difference.value().size(); ++i) CHECK(std::abs(difference.value().at(i)) < 1e-12);
          return concat(reshape(whole[0], {2, 6}), reshape(concat_time(steps), {2, 6}));
        }) == "");
}

}  // namespace regard
