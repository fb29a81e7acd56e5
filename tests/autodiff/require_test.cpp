#include "framework/autodiff/require.h"

#include <limits>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::shape_error;
using Indices = std::vector<Index>;
const std::string kFine = "nothing was thrown";

}  // namespace

TEST_CASE("require: axes and shapes") {
  Tape tape;
  const Var x = tape.input(tape.zeros({2, 3})), y = tape.input(tape.zeros({3, 2}));
  CHECK(shape_error([&] { require_rank("op", "x", x, 2); }) == kFine);
  CHECK(shape_error([&] { require_rank("op", "x", x, 3); }) == "op: x [2, 3] must have 3 axes");
  CHECK(shape_error([&] { require_shape("op", "x", x, {2, 3}, "for y"); }) == kFine);
  CHECK(shape_error([&] { require_shape("op", "x", x, {2, 4}, "for y"); }) == "op: x [2, 3] must be [2, 4] for y");
  CHECK(shape_error([&] { require_shape("op", "x", x, {6}, "for y"); }) == "op: x [2, 3] must be [6] for y");
  CHECK(shape_error([&] { require_same_shape("op", "x", x, "z", x); }) == kFine);
  CHECK(shape_error([&] { require_same_shape("op", "x", x, "y", y); }) ==
        "op: y [3, 2] must have the shape of x [2, 3]");
  CHECK(shape_error([&] { require_inner("op", x, y, 3, "last", 3, "first"); }) == kFine);
  CHECK(shape_error([&] { require_inner("op", x, y, 3, "last", 2, "last"); }) ==
        "op: a [2, 3] x b [3, 2]: a's last (3) must equal b's last (2)");
}

TEST_CASE("require: a length for each sentence and none without a position") {
  const auto outcome = [](const Indices& lengths) {
    return shape_error([&] { require_lengths("op", lengths, 2, 4); });
  };
  const std::string rest =
      " of sentence 1 must lie in 1 to 4; a sentence without a position has no softmax and no final state";
  CHECK(outcome({1, 4}) == kFine);
  CHECK(outcome({1, 4, 4}) == "op: 3 lengths for a batch of 2");
  CHECK(outcome({1, 0}) == "op: length 0" + rest);
  CHECK(outcome({4, 5}) == "op: length 5" + rest);
}

TEST_CASE("require: entries lie below their end and targets may skip a row") {
  const auto range = [](const Indices& ids) { return shape_error([&] { require_range("op", "id", ids, 2, 5); }); };
  CHECK(range({}) == kFine);
  CHECK(range({2, 4}) == kFine);
  CHECK(range({2, 5}) == "op: id 5 at 1 must lie in 2 to 4");
  CHECK(range({1}) == "op: id 1 at 0 must lie in 2 to 4");
  const auto targets = [](const Indices& words) {
    return shape_error([&] { require_targets("op", words, 2, 7); });
  };
  CHECK(targets({-1, 6}) == kFine);
  CHECK(targets({1}) == "op: 1 targets for 2 rows");
  CHECK(targets({-2, 0}) == "op: target -2 at 0 must lie in -1 to 6");
  CHECK(targets({0, 7}) == "op: target 7 at 1 must lie in -1 to 6");
}

TEST_CASE("require: a share is a number from 0 to below 1") {
  const auto share = [](double value) { return shape_error([&] { require_share("op", "rate", value); }); };
  CHECK(share(0) == kFine);
  CHECK(share(0.999) == kFine);
  CHECK(share(1) == "op: rate 1 must lie in [0, 1)");
  CHECK(share(-0.5) == "op: rate -0.5 must lie in [0, 1)");
  CHECK(share(std::numeric_limits<double>::quiet_NaN()) == "op: rate nan must lie in [0, 1)");
}

}  // namespace regard
