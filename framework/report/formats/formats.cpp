#include "framework/report/formats/formats.h"

#include <fmt/format.h>

#include "framework/report/analysis/comparisons.h"
#include "framework/report/analysis/reservations.h"
#include "framework/report/analysis/samples.h"
#include "framework/report/escape.h"
#include "framework/report/tables/claim_section.h"
#include "framework/report/tables/tables.h"

namespace regard::report {
namespace {

constexpr Index kSamplesATest = 2;

}  // namespace

namespace {

std::string interventions_markdown(const Analysis& analysis) {
  std::string out;
  for (const Table& table : {interventions_table(analysis), interventions_by_length_table(analysis)}) {
    if (!table.rows.empty()) out += to_markdown(table) + "\n";
  }
  if (!out.empty()) out = markdown(interventions_words()) + "\n\n" + out;
  for (const auto& [system, why] : analysis.interventions.refused)
    out += fmt::format("{}: {}.\n\n", markdown(system), markdown(why));
  const std::string missing = how_to_intervene(analysis);
  if (!missing.empty()) out += markdown(missing) + "\n\n";
  return out.empty() ? out : "## Does it use its attention?\n\n" + out;
}

}  // namespace

std::string markdown_report(const Analysis& analysis, const Drawings& drawings) {
  const runs::DataFacts& data = analysis.results->data;
  std::string out =
      fmt::format("# {}\n\n{}, {} → {}: {}{}\n\n", markdown(analysis.results->plan.name), markdown(data.corpus),
                  markdown(data.source_language), markdown(data.target_language), markdown(data.description),
                  data.synthetic ? " Synthetic grammar, not natural text." : "");
  out += "## Result\n\n";
  out += claim_markdown(*analysis.results);
  for (const Comparison& comparison : analysis.comparisons)
    out += fmt::format("* {}\n", markdown(in_words(comparison)));
  const std::string reader = baseline_note(analysis.results->plan);
  if (!reader.empty()) out += fmt::format("\n{}\n", markdown(reader));
  for (const Table& table : {main_table(analysis), claims_table(analysis), scores_table(analysis)}) {
    out += fmt::format("\n{}", to_markdown(table));
  }
  for (const Table& table : pair_tables(analysis)) out += fmt::format("\n{}", to_markdown(table));
  out += "\n";
  if (analysis.results->tuning) {
    out += fmt::format("## Tuning\n\n{}\n{}\n{}\n", to_markdown(chosen_table(analysis)),
                       to_markdown(tuning_table(analysis)), to_markdown(trials_table(analysis)));
  }
  out += "## Figures\n\n";
  if (!drawings.missing.empty()) out += markdown(drawings.missing) + "\n\n";
  for (const Drawing& drawing : drawings.figures) {
    if (drawing.svg.empty()) continue;
    out += fmt::format("![{}](figures/{}.svg)\n\n", markdown(drawing.figure.caption), drawing.figure.id);
  }
  out += "## Scores by sentence length and difficulty\n\n";
  for (const auto& [test, sets] : analysis.buckets) {
    for (const Table& table : bucket_tables(analysis, test)) out += to_markdown(table) + "\n";
  }
  if (!analysis.attention.diagnostics.empty()) {
    out += "## Attention\n\n";
    for (const Table& table : {alignment_table(analysis), attention_table(analysis), agreement_table(analysis)}) {
      if (!table.rows.empty()) out += to_markdown(table) + "\n";
    }
    out += markdown(attention_words()) + "\n\n";
  }
  out += interventions_markdown(analysis);
  out += fmt::format("## Cost\n\n{}\n", to_markdown(cost_table(analysis)));
  out += "## Translations side by side\n\n";
  for (const TestSet& test : analysis.results->tests) {
    for (const Index sentence : evenly_spread(static_cast<Index>(test.source.size()), kSamplesATest)) {
      const auto at = static_cast<std::size_t>(sentence);
      out += fmt::format("| {} | sentence {} |\n| --- | --- |\n| source | {} |\n| reference | {} |\n",
                         markdown_cell(test.name), sentence + 1, markdown_cell(test.source[at]),
                         markdown_cell(test.target[at]));
      for (const SystemSummary& system : analysis.systems) {
        const auto* lines = system.finished.empty() ? nullptr : system.finished.front()->lines(test.name);
        if (lines != nullptr)
          out += fmt::format("| {} | {} |\n", markdown_cell(system.name), markdown_cell((*lines)[at]));
      }
      out += "\n";
    }
  }
  out += fmt::format("## Provenance\n\n{}\n{}\n{}", to_markdown(differences_table(analysis)),
                     to_markdown(runs_table(analysis)), to_markdown(data_table(analysis)));
  return out +
         "\nTo repeat the runs, with this folder's `plan.resolved.yaml`:\n\n    regard run plan.resolved.yaml\n";
}

std::string latex_tables(const Analysis& analysis) {
  std::string out(latex_head());
  out += to_latex(main_table(analysis));
  for (const Table& table : {claims_table(analysis), scores_table(analysis)})
    out += fmt::format("\n{}", to_latex(table));
  for (const Table& table : pair_tables(analysis)) out += fmt::format("\n{}", to_latex(table));
  if (analysis.results->tuning) {
    for (const Table& table : {chosen_table(analysis), tuning_table(analysis)})
      out += fmt::format("\n{}", to_latex(table));
  }
  for (const auto& [test, sets] : analysis.buckets) {
    for (const Table& table : bucket_tables(analysis, test)) out += fmt::format("\n{}", to_latex(table));
  }
  for (const Table& table : {alignment_table(analysis), attention_table(analysis), interventions_table(analysis),
                             interventions_by_length_table(analysis), cost_table(analysis)}) {
    if (!table.rows.empty()) out += fmt::format("\n{}", to_latex(table));
  }
  return out;
}

std::string csv_results(const Analysis& analysis) { return to_csv(main_table(analysis)); }

}  // namespace regard::report
