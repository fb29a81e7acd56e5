#include "framework/experiment/plan/tune_options.h"

#include "framework/experiment/plan/seeds.h"

namespace regard::experiment {
namespace {

const config::OptionTable<Halving>& halving_rows() {
  static const config::OptionTable<Halving> rows = {
      config::option("first", &Halving::first, config::at_least(0), "epochs",
                     "after which the worse candidates end for the first time; 0: none ends early"),
      config::option("factor", &Halving::factor, config::between(2, 1000), "",
                     "one candidate in so many goes on, at least one, to so many times as many epochs"),
  };
  return rows;
}

}  // namespace

const config::OptionTable<TuneOptions>& tune_rows() {
  static const config::OptionTable<TuneOptions> rows = {
      config::choice("search", &TuneOptions::search,
                     {{"grid", TuneOptions::Search::grid, "all combinations of the values of tune.grid"},
                      {"random", TuneOptions::Search::random, "tune.trials points, drawn from tune.space"}},
                     "which candidates are tried; all systems have the same ones"),
      config::option(
          "grid", &TuneOptions::grid,
          "keys of model, training or decoding with a list of values each; all their combinations are tried"),
      config::option(
          "space", &TuneOptions::space,
          "keys of model, training or decoding with a range each: [low, high]; {log: [low, high]} for equal "
          "chances of 0.001-0.01 and 0.01-0.1; {whole: [low, high]} for whole numbers; {choices: [values]}"),
      config::option("trials", &TuneOptions::trials, config::between(1, 10000), "candidates",
                     "points that a random search draws; more of them keep the first ones"),
      config::option("draw", &TuneOptions::draw, config::at_least(0), "", "seed of the drawn points"),
      config::section("budget", &TuneOptions::budget, runs::length_rows(),
                      "the length of a candidate's training, if it is not that of the plan's runs"),
      config::section("halving", &TuneOptions::halving, halving_rows(),
                      "ends the worse candidates early (Jamieson and Talwalkar 2016)"),
      config::choice(
          "metric", &TuneOptions::metric,
          {{"loss", TuneOptions::Metric::loss, "the smallest validation loss"},
           {"bleu", TuneOptions::Metric::bleu, "the largest greedy BLEU on the validation set"}},
          "which result of each run's best validation is compared; the best mean over the seeds is chosen"),
      with_ranges(config::option("seeds", &TuneOptions::seeds, config::at_least(0), "",
                                 "seeds of the runs that are compared")),
  };
  return rows;
}

}  // namespace regard::experiment
