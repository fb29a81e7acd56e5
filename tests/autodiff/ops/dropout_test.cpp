#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::gradcheck;
using testing::Leaf;
using testing::shape_error;
using testing::values;
using testing::Vars;

using Sentences = std::vector<Index>;
const Key kKey = Key(1, "dropout").with("test");
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Var ones(Tape& tape, Shape shape) { return add_number(tape.input(tape.zeros(shape)), 1); }

}  // namespace

TEST_CASE("dropout: a unit is dropped if its random number is below the rate") {
  Tape tape(DType::f64);
  const Var y = dropout(ones(tape, {1, 2, 5}), 0.5, kKey, Sentences{9});
  std::vector<double> expected;
  for (const Index step : {0, 1}) {
    for (Index unit = 0; unit < 5; ++unit) {
      const Key::Block words = kKey.with(Index{9}).bits(step << 32 | unit / 4);
      expected.push_back(words[static_cast<std::size_t>(unit % 4)] < 0x80000000u ? 0 : 2);
    }
  }
  CHECK(values(y) == expected);
  CHECK(std::count(expected.begin(), expected.end(), 0) > 0);
  CHECK(std::count(expected.begin(), expected.end(), 2) > 0);
}

TEST_CASE("dropout: gradcheck passes", "[gradcheck]") {
  for (const double rate : {0.0, 0.3, 0.9}) {
    CHECK(gradcheck("dropout", {{2, 3, 5}}, [=](const Vars& in) {
            return dropout(in[0], rate, kKey, Sentences{7, 3});
          }) == "");
  }
  CHECK(gradcheck("dropout used twice", {{1, 2, 4}},
                  [](const Vars& in) { return mul(dropout(in[0], 0.5, kKey, Sentences{0}), in[0]); }) == "");
}

TEST_CASE("dropout: the share of dropped units and the scale keep the mean") {
  Tape tape(DType::f64);
  const Var y = dropout(ones(tape, {4, 50, 250}), 0.2, kKey, Sentences{0, 1, 2, 3});
  const std::vector<double> all = values(y);
  const auto dropped = static_cast<double>(std::count(all.begin(), all.end(), 0));
  CHECK(dropped / 50000 == Approx(0.2).margin(0.006));  // three standard deviations: 0.0054
  CHECK(std::count(all.begin(), all.end(), 1.25) + std::count(all.begin(), all.end(), 0) == 50000);
}

TEST_CASE("dropout: the dropped units depend on the sentence and not on its place in the batch") {
  Tape tape;
  const std::vector<double> both = values(dropout(ones(tape, {2, 3, 6}), 0.5, kKey, Sentences{4, 8}));
  const std::vector<double> swapped = values(dropout(ones(tape, {2, 3, 6}), 0.5, kKey, Sentences{8, 4}));
  const std::vector<double> longer = values(dropout(ones(tape, {1, 5, 6}), 0.5, kKey, Sentences{8}));
  const std::vector<double> first(both.begin(), both.begin() + 18);
  const std::vector<double> second(both.begin() + 18, both.end());
  CHECK(first != second);
  CHECK(std::vector<double>(swapped.begin(), swapped.begin() + 18) == second);
  CHECK(std::vector<double>(swapped.begin() + 18, swapped.end()) == first);
  CHECK(std::vector<double>(longer.begin(), longer.begin() + 18) == second);
}

TEST_CASE("dropout: single steps equal the whole sequence") {
  Tape tape;
  const Leaf leaf(DType::f32, {2, 4, 5}, 1);
  const Var x = tape.input(leaf.value());
  const Var whole = dropout(x, 0.4, kKey, Sentences{1, 2});
  std::vector<Var> steps;
  for (Index t = 0; t < 4; ++t) steps.push_back(dropout(slice_time(x, t, 1), 0.4, kKey, Sentences{1, 2}, t));
  CHECK(values(concat_time(steps)) == values(whole));
}

TEST_CASE("dropout: another key drops other units and a rate of zero gives x itself") {
  Tape tape;
  const Var x = ones(tape, {1, 4, 16});
  CHECK(values(dropout(x, 0.5, kKey, Sentences{0})) != values(dropout(x, 0.5, kKey.with(1), Sentences{0})));
  const auto before = tape.node_count();
  CHECK(values(dropout(x, 0, kKey, Sentences{0})) == values(x));
  CHECK(tape.node_count() == before);
}

TEST_CASE("dropout: empty batches and empty sentences are accepted") {
  Tape tape;
  CHECK(dropout(tape.input(tape.tensor({0, 2, 3})), 0.5, kKey, Sentences{}).shape() == Shape{0, 2, 3});
  CHECK(dropout(tape.input(tape.tensor({1, 0, 3})), 0.5, kKey, Sentences{0}).shape() == Shape{1, 0, 3});
}

TEST_CASE("dropout: a dropped NaN becomes 0 and a kept one stays NaN") {
  Tape tape(DType::f64);
  const Leaf x(DType::f64, {1, 1, 16}, 0, kNan, kNan);
  const std::vector<double> mask = values(dropout(ones(tape, {1, 1, 16}), 0.5, kKey, Sentences{0}));
  const std::vector<double> y = values(dropout(x.on(tape), 0.5, kKey, Sentences{0}));
  for (std::size_t i = 0; i < 16; ++i) CHECK(std::isnan(y[i]) == (mask[i] != 0));
}

TEST_CASE("dropout: rates and sentences that do not fit are refused") {
  Tape tape;
  const Var x = tape.input(tape.zeros({2, 3, 4}));
  CHECK(shape_error([&] { dropout(x, 1, kKey, Sentences{0, 1}); }) == "dropout: rate 1 must lie in [0, 1)");
  CHECK(shape_error([&] { dropout(x, -0.5, kKey, Sentences{0, 1}); }) == "dropout: rate -0.5 must lie in [0, 1)");
  CHECK(shape_error([&] { dropout(x, kNan, kKey, Sentences{0, 1}); }) == "dropout: rate nan must lie in [0, 1)");
  CHECK(shape_error([&] { dropout(x, 0.5, kKey, Sentences{0}); }) == "dropout: 1 sentences for x [2, 3, 4]");
  CHECK(shape_error([&] {
          dropout(tape.input(tape.zeros({2, 3})), 0.5, kKey, Sentences{0, 1});
        }) == "dropout: x [2, 3] must have 3 axes");
}

}  // namespace regard
