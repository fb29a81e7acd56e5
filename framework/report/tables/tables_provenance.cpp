// The tables of the provenance section.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/report/tables/cells.h"
#include "framework/report/tables/tables.h"

namespace regard::report {

Table data_table(const Analysis& analysis) {
  const runs::DataFacts& data = analysis.results->data;
  Table table{"data",
              "Data",
              {{"split", "", false},
               {"sentences", "", true},
               {fmt::format("source tokens ({})", data.source_language), "", true},
               {fmt::format("target tokens ({})", data.target_language), "", true}},
              {},
              {}};
  const auto add = [&](const std::string& name, const runs::SplitFacts& split) {
    std::vector<Cell> row{text_cell(name)};
    for (const Index count : {split.sentences, split.source_tokens, split.target_tokens}) {
      row.push_back(number_cell(grouped(static_cast<double>(count)), static_cast<double>(count)));
    }
    table.rows.push_back(std::move(row));
  };
  add("train", data.train);
  add("valid", data.valid);
  for (const auto& [name, split] : data.tests) add(name, split);
  table.notes.push_back(fmt::format("Vocabulary: {} source and {} target words.",
                                    grouped(static_cast<double>(data.source_vocabulary)),
                                    grouped(static_cast<double>(data.target_vocabulary))));
  return table;
}

Table differences_table(const Analysis& analysis) {
  Table table{"differences", "Differences between the systems", {{"system", "", false}}, {}, {}};
  std::vector<std::string> keys;
  for (const runs::SystemFacts& system : analysis.results->plan.systems) {
    for (const auto& [key, value] : system.differences) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  }
  for (const std::string& key : keys) table.columns.push_back({key, "", false});
  for (const runs::SystemFacts& system : analysis.results->plan.systems) {
    std::vector<Cell> row{text_cell(system.name)};
    for (const std::string& key : keys) {
      const auto found = std::find_if(system.differences.begin(), system.differences.end(),
                                      [&](const auto& difference) { return difference.first == key; });
      const std::string same = system.external ? "another program" : "as the plan";
      row.push_back(text_cell(found == system.differences.end() ? same : found->second));
    }
    table.rows.push_back(std::move(row));
  }
  table.notes.emplace_back(
      "Everything else is equal: data, its order, seeds, and the initial values of shared parameters.");
  if (!analysis.results->plan.budget_summary.empty()) {
    table.notes.push_back(fmt::format("Equal for all systems: {}.", analysis.results->plan.budget_summary));
  }
  if (analysis.results->tuning)
    table.notes.emplace_back("What the tuning chose is in this table; the section Tuning has how.");
  return table;
}

Table runs_table(const Analysis& analysis) {
  Table table{"runs",
              "Runs",
              {{"system", "", false},
               {"seed", "", true},
               {"state", "", false},
               {analysis.primary_test.empty() ? "BLEU" : "BLEU " + analysis.primary_test, "", true},
               {"perplexity", "", true},
               {"epochs", "", true},
               {"best epoch", "", true},
               {"stopped by", "", false},
               {"minutes", "", true}},
              {},
              {}};
  for (const Run& run : analysis.results->runs) {
    const bool external = std::any_of(analysis.systems.begin(), analysis.systems.end(), [&](const auto& system) {
      return system.external && system.name == run.system;
    });
    const auto scores = run.scores.tests.find(analysis.primary_test);
    const bool scored = scores != run.scores.tests.end() && scores->second.bleu.count(analysis.tokenizer) > 0;
    const double bleu = scored ? scores->second.bleu.at(analysis.tokenizer).score : std::nan("");
    const double perplexity = scored ? scores->second.perplexity : std::nan("");
    const double minutes = run.manifest ? run.manifest->training_seconds / 60 : std::nan("");
    const bool ended = !external && (run.state == RunState::finished || run.state == RunState::failed);
    const auto count = [&](Index value) {
      return ended ? number_cell(fmt::format("{}", value), static_cast<double>(value)) : text_cell("–");
    };
    table.rows.push_back(
        {text_cell(run.system),
         external ? text_cell("–") : number_cell(fmt::format("{}", run.seed), static_cast<double>(run.seed)),
         text_cell(external ? "given" : state_in_words(run)), number_cell(fixed(bleu, 2), bleu),
         number_cell(fixed(perplexity, 2), perplexity), count(run.status.epochs), count(run.status.best_epoch),
         text_cell(run.status.stopped), number_cell(fixed(minutes, 2), minutes)});
  }
  return table;
}

}  // namespace regard::report
