#include "framework/experiment/plan/trials.h"

#include <cmath>
#include <map>
#include <set>

#include "framework/base/errors.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::experiment {
namespace {

Plan searched(const std::string& space, const std::string& keys = "",
              const std::string& training = "{epochs: 9}") {
  return make_plan(
      config::parse_yaml("name: t\ndata: {corpus: reverse}\nsystems: {a: {model.attention: none}, b: {}}\n"
                         "training: " +
                             training + "\ntune: {search: random, space: {" + space + "}" + keys + "}\n",
                         "p.yaml"));
}

std::string error_of(const std::string& space, const std::string& keys = "",
                     const std::string& training = "{epochs: 9}") {
  return testing::thrown<ConfigError>([&] { static_cast<void>(tuning_points(searched(space, keys, training))); });
}

double value_of(const GridPoint& point, std::size_t key = 0) { return std::stod(point.values[key].second.scalar); }

const std::string kRate = "training.learning_rate: {log: [1e-4, 1e-2]}";

}  // namespace

TEST_CASE("trials: a trial depends on its number and key, not on how many there are or what else varies") {
  const auto few = tuning_points(searched(kRate, ", trials: 4"));
  const auto many = tuning_points(searched(kRate + ", model.dropout.embedding: [0, 0.5]", ", trials: 40"));
  REQUIRE(few.size() == 4);
  REQUIRE(many.size() == 40);
  for (std::size_t k = 0; k < few.size(); ++k) {
    CHECK(few[k].suffix == fmt::format("-t{}", k + 1));
    CHECK(few[k].values[0].second.scalar == many[k].values[0].second.scalar);
  }
  CHECK(tuning_points(searched(kRate, ", trials: 4, draw: 2"))[0].values[0].second.scalar !=
        few[0].values[0].second.scalar);
}

TEST_CASE("trials: every system has the same points") {
  const Plan plan = searched(kRate, ", trials: 3");
  const auto points = tuning_points(plan);
  for (const char* system : {"a", "b"}) {
    for (const GridPoint& point : points) {
      const config::Node root = crossed(plan.root, points, *plan.root.find("tune.space"), "tune.space");
      const config::Node* written = root.get("systems")->get(system + point.suffix);
      REQUIRE(written != nullptr);
      CHECK(written->get("training.learning_rate")->scalar == point.values[0].second.scalar);
    }
  }
}

TEST_CASE("trials: drawn values are in their ranges and spread over them") {
  const auto points =
      tuning_points(searched(kRate + ", model.dropout.embedding: [0, 0.5], model.hidden: {whole: [6, 8]}, "
                                     "training.optimizer: {choices: [adam, sgd]}",
                             ", trials: 400"));
  double below = 0;
  std::map<std::string, int> hidden;
  std::map<std::string, int> optimizers;
  double sum = 0;
  for (const GridPoint& point : points) {
    CHECK(value_of(point) >= 1e-4);
    CHECK(value_of(point) <= 1e-2);
    below += value_of(point) < 1e-3 ? 1 : 0;  // half of a logarithmic range
    CHECK(value_of(point, 1) >= 0);
    CHECK(value_of(point, 1) <= 0.5);
    sum += value_of(point, 1);
    ++hidden[point.values[2].second.scalar];
    ++optimizers[point.values[3].second.scalar];
    CHECK(point.values[0].second.scalar.size() <= 9);  // four digits
  }
  CHECK(below / 400 == Approx(0.5).margin(0.1));
  CHECK(sum / 400 == Approx(0.25).margin(0.03));
  CHECK(hidden.size() == 3);
  for (const auto& [value, count] : hidden) CHECK(count > 90);
  CHECK(optimizers.size() == 2);
}

TEST_CASE("trials: wrong ranges are refused at their place") {
  const std::string place = "p.yaml:5:";
  CHECK(error_of("model.hidden: 3") ==
        "p.yaml:5:46: tune.space.model.hidden: expected [low, high], {log: [low, high]}, {whole: [low, high]} or "
        "{choices: [values]}, got \"3\"");
  CHECK(error_of("model.hidden: [8, 4]") ==
        "p.yaml:5:46: tune.space.model.hidden: expected two numbers, the smaller one first, got [8, 4]");
  CHECK(
      error_of("model.hidden: {whole: [1, 2, 3]}") ==
      "p.yaml:5:46: tune.space.model.hidden: expected two numbers, the smaller one first, got {whole: [1, 2, 3]}");
  CHECK(error_of("model.hidden: {choices: []}") ==
        "p.yaml:5:46: tune.space.model.hidden: expected a list of values, got a list");
  CHECK(error_of("model.hidden: {log: [0, 1]}") ==
        "p.yaml:5:53: tune.space.model.hidden.log[0]: expected a number > 0, got \"0\"");
  CHECK(error_of("model.hidden: {lgo: [1, 2]}").find("did you mean 'log'?") != std::string::npos);
}

TEST_CASE("trials: a search that does not fit is refused") {
  const auto error = [](const std::string& tune) {
    return testing::thrown<ConfigError>([&] {
      static_cast<void>(make_plan(config::parse_yaml(
          "name: t\ndata: {corpus: reverse}\nsystems: {a: {}}\ntune: " + tune + "\n", "p.yaml")));
    });
  };
  CHECK(error("{search: random}") ==
        "p.yaml:4:16: tune.search: random draws from tune.space, which the plan does not have");
  CHECK(error("{space: {model.hidden: [1, 2]}}") ==
        "p.yaml:4:15: tune.space: belongs to search: random; write that in tune as well");
  CHECK(error("{search: random, space: {model.hidden: [1, 2]}, grid: {model.hidden: [1, 2]}}") ==
        "p.yaml:4:61: tune.grid: belongs to search: grid; leave out one of the two");
}

TEST_CASE("trials: halving needs a number of epochs that is larger than its first") {
  CHECK(
      error_of(kRate, ", halving: {first: 9}") ==
      "p.yaml:5:95: tune.halving.first: is 9, but a training has only 9 epochs; a smaller one, or 0 for no halving");
  CHECK(
      error_of(kRate, ", halving: {first: 1}", "{epochs: auto}")
          .ends_with(
              "tune.halving.first: needs a number of epochs: leave out budget, tune.budget and training.epochs: auto, or halving"));
  CHECK(error_of(kRate, ", halving: {first: 1}, budget: {updates: 9}")
            .ends_with(
                "needs a number of epochs: leave out budget, tune.budget and training.epochs: auto, or halving"));
  CHECK(error_of("training.epochs: {whole: [2, 4]}", ", halving: {first: 1}")
            .ends_with("tune.halving.first: cannot be used while the tuning varies training.epochs"));
}

TEST_CASE("trials: a chosen value at an end of what was tried is said") {
  const Plan plan = searched(kRate + ", model.dropout.embedding: [0, 0.5]");
  const auto ends = [&](const std::string& rate, const std::string& dropout) {
    return ends_reached(plan, {"",
                               {{"training.learning_rate", config::make_plain(rate)},
                                {"model.dropout.embedding", config::make_plain(dropout)}}});
  };
  CHECK(ends("0.001", "0.25").empty());
  CHECK(ends("0.0081", "0.01") ==
        std::vector<std::string>{"training.learning_rate 0.0081 is at the upper end of 0.0001 to 0.01",
                                 "model.dropout.embedding 0.01 is at the lower end of 0 to 0.5"});
  CHECK(ends("0.0078", "0.03").empty());
  const Plan grid = make_plan(config::parse_yaml(
      "name: t\ndata: {corpus: reverse}\nsystems: {a: {}}\n"
      "tune: {grid: {training.learning_rate: [0.1, 0.3, 0.2], model.hidden: [8, 16], training.optimizer: [sgd, adam, adagrad]}}\n",
      "p.yaml"));
  const auto at = [&](const std::string& rate) {
    return ends_reached(grid, {"",
                               {{"training.learning_rate", config::make_plain(rate)},
                                {"model.hidden", config::make_plain("8")},
                                {"training.optimizer", config::make_text("sgd")}}});
  };
  CHECK(at("0.2").empty());
  CHECK(at("0.3") == std::vector<std::string>{"training.learning_rate 0.3 is at the upper end of 0.1 to 0.3"});
}

}  // namespace regard::experiment
