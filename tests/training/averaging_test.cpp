#include "framework/training/averaging.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/toy.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;
using Kind = AveragingOptions::Kind;

// Gradient descent with a gradient of -1 and a rate of 1: the parameter is 1, 2, 3 … after updates 1, 2, 3 …
struct Counting {
  nn::ParamStore store{DType::f64, 1};
  const nn::Param& w = store.add("w", {1}, nn::zeros);
  Averaging averaging;
  Index updates = 0;

  explicit Counting(const AveragingOptions& options)
      : averaging(make_optimizer({.name = "sgd"}, store), store, options) {}
  void step() {
    w.grad().set(0, -1);
    averaging.step({.number = ++updates, .learning_rate = 1});
  }
  // Returns the parameter that is validated.
  double validated(Index validations, bool counts = true) {
    averaging.begin(validations);
    const double value = w.value().at(0);
    averaging.end(validations, counts);
    CHECK(w.value().at(0) == static_cast<double>(updates));
    return value;
  }
};

}  // namespace

TEST_CASE("averaging: none changes nothing") {
  Counting counting({});
  counting.step();
  CHECK(counting.validated(0) == 1);
  CHECK(counting.averaging.state().empty());
}

TEST_CASE("averaging: ema starts at the first update and then follows its equation") {
  Counting counting({.kind = Kind::ema, .decay = 0.3});
  double mean = 0;
  for (Index n = 1; n <= 20; ++n) {
    counting.step();
    const double decay = std::min(0.3, static_cast<double>(n - 1) / static_cast<double>(n + 9));
    mean = decay * mean + (1 - decay) * static_cast<double>(n);
    if (n == 1) CHECK(mean == 1);
    CHECK(counting.validated(0) == Approx(mean).epsilon(1e-14));
  }
  REQUIRE(counting.averaging.state().size() == 1);
  CHECK(counting.averaging.state()[0].name == "moments/w/ema");
}

TEST_CASE("averaging: checkpoints gives the mean of the last validations and drops one that does not count") {
  Counting counting({.kind = Kind::checkpoints, .count = 3});
  std::vector<double> seen;
  for (Index validation = 0; validation < 5; ++validation) {
    counting.step();
    seen.push_back(counting.validated(validation));
  }
  CHECK(seen == std::vector<double>{1, 1.5, 2, 3, 4});
  counting.step();
  CHECK(counting.validated(5, false) == 5);  // the mean of 4, 5 and 6
  counting.step();
  CHECK(counting.validated(5) == Approx(16.0 / 3));  // the mean of 4, 5 and 7; 6 was not kept
  CHECK(counting.averaging.state().size() == 2);
}

TEST_CASE("averaging: results have the same bytes for any number of threads") {
  for (const Kind kind : {Kind::ema, Kind::checkpoints}) {
    std::string expected;
    for (const int count : {1, 2, 3}) {
      const Threads threads(count);
      nn::ParamStore store(DType::f32, 1);
      add_large(store);
      Averaging averaging(make_optimizer({.name = "adam"}, store), store, {.kind = kind});
      for (Index t = 1; t <= 3; ++t) {
        random_gradients(store, t);
        averaging.step({.number = t, .learning_rate = 0.01});
        averaging.begin(t - 1);
        if (t < 3) averaging.end(t - 1, true);
      }
      std::string bytes = bytes_of(store);
      for (const auto& tensor : averaging.state()) bytes += bytes_of(tensor.value);
      if (expected.empty()) expected = bytes;
      CHECK((bytes == expected));
    }
  }
}

}  // namespace regard::training
