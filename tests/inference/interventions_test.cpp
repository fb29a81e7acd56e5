#include "framework/inference/interventions.h"

#include <numeric>

#include "framework/base/errors.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"
#include "tests/support/tiny_run.h"

namespace regard::inference {
namespace {

using test::TinyRuns;

template <class F>
std::string thrown(F f) {
  return testing::thrown<ConfigError>([&] { static_cast<void>(f()); });
}

double sum(const std::vector<double>& all) { return std::accumulate(all.begin(), all.end(), 0.0); }

}  // namespace

TEST_CASE("interventions: a second call keeps what is current and makes again what is not") {
  const TinyRuns runs(test::tiny_plan_text("seeds: [1]\n"));
  runs.run("general");
  const Path file = runs.paths().interventions();
  CHECK(intervene(runs.folder.folder, {.kinds = {"even"}}).made == 4);  // own and even, of two test sets
  const std::string first = read_file(file);
  auto counts = intervene(runs.folder.folder, {.kinds = {"even"}});
  CHECK(counts.made == 0);
  CHECK(counts.kept == 4);
  CHECK(read_file(file) == first);
  counts = intervene(runs.folder.folder);
  CHECK(counts.made == 8);  // shuffled, hardest, shifted, gold; no other system has attention
  CHECK(counts.kept == 4);
  auto made = *runs::read_if_exists<runs::Interventions>(file);
  CHECK(made.tests.at("test").size() == 6);
  const auto scores = *runs::read_if_exists<runs::Scores>(runs.paths().scores());
  const data::Dataset& dataset = runs.corpora.prepared.tests.front().dataset;
  CHECK(sum(made.tests.at("test").at("own").losses) ==
        Approx(scores.tests.at("test").loss * static_cast<double>(dataset.target.tokens() + dataset.target.size()))
            .epsilon(1e-4));
  made.checkpoint = "another";
  write_file(file, to_json(made));
  CHECK(intervene(runs.folder.folder).made == 12);
}

TEST_CASE("interventions: a folder without finished runs or without attention and an unknown kind are refused") {
  const TinyRuns runs;
  const std::string folder = runs.folder.folder.string();
  CHECK(thrown([&] { return intervene(folder); }) ==
        folder + ": has no finished run to intervene in; train one with `regard run` first");
  runs.run("vanilla");
  CHECK(thrown([&] { return intervene(folder); }) ==
        folder + ": no finished run has attention, so there are no weights to replace");
  CHECK(
      thrown([&] { return intervene(folder, {.kinds = {"shift"}}); }) ==
      "unknown kind of weights 'shift'; did you mean 'shifted'? Known: even, shuffled, hardest, shifted, other, gold");
  CHECK(thrown([&] { return intervene(folder, {.kinds = {"zzzzzzzz"}}); }) ==
        "unknown kind of weights 'zzzzzzzz'. Known: even, shuffled, hardest, shifted, other, gold");
  for (const char* test : {"test", "test_long"}) std::filesystem::remove(runs.folder.test_alignment(test));
  CHECK(thrown([&] { return intervene(folder, {.kinds = {"gold"}}); }) ==
        folder + ": no test set has a gold alignment, so there are no gold weights; leave 'gold' out");
}

TEST_CASE("interventions: gold weights are even over the tokens of the linked words") {
  const evaluation::GoldAlignment gold{{{0, 0}}, {{0, 0}, {0, 1}, {1, 1}}};
  const WeightMatrix found = gold_weights(gold, "ab c d", {"\u2581a", "b", "\u2581c", "\u2581d"}, "x y z",
                                          {"\u2581x", "\u2581y", "\u2581z"});
  CHECK(found.targets == 4);
  CHECK(found.sources == 5);
  const double third = 1.0 / 3;
  CHECK(found.values ==
        std::vector<double>{.5, .5, 0, 0, 0, third, third, third, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("interventions: a trained attention loses much with even weights", "[learn]") {
  const TinyRuns runs(
      "name: learned\n"
      "data: {corpus: {type: copy, train: 2000, valid: 50, test: 50, symbols: 12}}\n"
      "model: {embedding: 24, hidden: 32}\n"
      "systems: {general: {model.attention: general}}\n"
      "training: {batch: {sentences: 32}, epochs: 12, learning_rate: 0.01}\n");
  runs.run("general");
  intervene(runs.folder.folder, {.kinds = {"even"}});
  const auto made = *runs::read_if_exists<runs::Interventions>(runs.paths().interventions());
  const auto& kinds = made.tests.begin()->second;
  const data::Dataset& dataset = runs.corpora.prepared.tests.front().dataset;
  const auto tokens = static_cast<double>(dataset.target.tokens() + dataset.target.size());
  CHECK((sum(kinds.at("even").losses) - sum(kinds.at("own").losses)) / tokens > 0.3);
}

}  // namespace regard::inference
