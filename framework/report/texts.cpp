#include "framework/report/texts.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "framework/report/attention_choice.h"
#include "framework/report/escape.h"
#include "framework/report/samples.h"
#include "framework/report/score_buckets.h"
#include "framework/report/tables.h"

namespace regard::report {
namespace {

using Json = nlohmann::json;

constexpr Index kSamplesATest = 2;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json json(const Spread& spread) {
  return {{"mean", number(spread.mean)}, {"standard_deviation", number(spread.deviation)}, {"n", spread.n}};
}

Json json(const std::map<std::string, Spread>& spreads) {
  Json object = Json::object();
  for (const auto& [key, value] : spreads) object[key] = json(value);
  return object;
}

Spread at_or_none(const std::map<std::string, Spread>& spreads, const std::string& test) {
  const auto found = spreads.find(test);
  return found == spreads.end() ? Spread{} : found->second;
}

Json system_json(const Analysis& analysis, const SystemSummary& system, const experiment::SystemFacts& facts) {
  Json out{{"name", system.name},
           {"external", system.external},
           {"differences", Json::object()},
           {"best_epoch", json(system.best_epoch)},
           {"parameters", json(system.parameters)},
           {"tests", Json::object()},
           {"runs", Json::array()}};
  for (const auto& [key, value] : facts.differences) out["differences"][key] = value;
  for (const TestSet& test : analysis.results->tests) {
    out["tests"][test.name] = {{"bleu", json(system.bleu.at(test.name))},
                               {"greedy_bleu", json(system.greedy_bleu.at(test.name))},
                               {"perplexity", json(at_or_none(system.perplexity, test.name))},
                               {"loss", json(at_or_none(system.loss, test.name))}};
  }
  for (const Run& run : analysis.results->runs) {
    if (run.system != system.name) continue;
    static constexpr const char* kStates[] = {"missing", "unfinished", "failed", "finished"};
    Json one{{"seed", run.seed}, {"state", kStates[static_cast<int>(run.state)]}, {"bleu", Json::object()}};
    if (run.state == RunState::failed) one["reason"] = run.reason;
    for (const auto& [test, scores] : run.scores.tests) {
      for (const auto& [tokenizer, bleu] : scores.bleu) one["bleu"][test][tokenizer] = number(bleu.score);
    }
    out["runs"].push_back(std::move(one));
  }
  return out;
}

Json buckets_json(const Analysis& analysis, const std::string& test) {
  Json out = Json::array();
  const auto sets = analysis.buckets.find(test);
  if (sets == analysis.buckets.end()) return out;
  for (const BucketSet& set : sets->second) {
    Json buckets = Json::array();
    for (const ScoreBucket& bucket : set.buckets) {
      Json one{{"from", number(bucket.from)},
               {"to", number(bucket.to)},
               {"after", bucket.after},
               {"sentences", bucket.sentences},
               {"mean", number(bucket.mean)}};
      for (std::size_t s = 0; s < bucket.bleu.size(); ++s) {
        const std::string& system = analysis.systems[s].name;
        const auto with_interval = [](const Spread& spread, const evaluation::Interval& interval) {
          Json object = json(spread);
          object["interval"] = {number(interval.low), number(interval.high)};
          return object;
        };
        one["bleu"][system] = with_interval(bucket.bleu[s], bucket.bleu_interval[s]);
        one["chrf2"][system] = with_interval(bucket.chrf[s], bucket.chrf_interval[s]);
      }
      buckets.push_back(std::move(one));
    }
    out.push_back(
        {{"property", id_of(set.property)}, {"unit", unit_of(set.property)}, {"buckets", std::move(buckets)}});
  }
  return out;
}

Json attention_json(const AttentionAnalysis& attention) {
  Json out{{"diagnostics", Json::array()}, {"alignments", Json::array()}, {"agreements", Json::array()}};
  for (const AttentionNumbers& row : attention.diagnostics) {
    out["diagnostics"].push_back({{"system", row.system},
                                  {"test", row.test},
                                  {"forced", row.forced},
                                  {"sentences", row.sentences},
                                  {"entropy", json(row.entropy)},
                                  {"relative_entropy", json(row.relative_entropy)},
                                  {"largest", json(row.largest)},
                                  {"on_end", json(row.on_end)},
                                  {"on_no_token", json(row.off)},
                                  {"monotone", json(row.monotone)},
                                  {"covered", json(row.covered)}});
  }
  for (const AlignmentNumbers& row : attention.alignments) {
    out["alignments"].push_back({{"system", row.system},
                                 {"test", row.test},
                                 {"sentences", row.sentences},
                                 {"left_out", row.left_out},
                                 {"error_rate", json(row.error_rate)},
                                 {"precision", json(row.precision)},
                                 {"recall", json(row.recall)}});
  }
  for (const AgreementNumbers& row : attention.agreements) {
    out["agreements"].push_back({{"systems", {row.system, row.other}},
                                 {"test", row.test},
                                 {"pairs", row.pairs},
                                 {"overlap", number(row.agreement.overlap)},
                                 {"same_place", number(row.agreement.same_place)}});
  }
  return out;
}

Json comparison_json(const Comparison& comparison, const std::string& tokenizer) {
  Json out{{"system", comparison.system},
           {"baseline", comparison.baseline},
           {"test", comparison.test},
           {"tokenizer", tokenizer},
           {"seeds", comparison.seeds},
           {"sentences", comparison.sentences},
           {"difference", json(comparison.difference)},
           {"pair_p_values", comparison.pair_p_values},
           {"verdict", comparison.verdict}};
  if (comparison.seeds.empty()) return out;
  const evaluation::Comparison& c = comparison.numbers;
  out["these_models"] = {
      {"low", number(c.models.low)}, {"high", number(c.models.high)}, {"p_value", c.models.p_value}};
  if (!c.method) return out;
  out["method"] = {{"low", number(c.method->low)},
                   {"high", number(c.method->high)},
                   {"p_value", number(c.method->p_value)},
                   {"holm_p_value", number(*c.holm_p_value)},
                   {"degrees_of_freedom", number(c.method->degrees)},
                   {"seed_deviation", number(c.method->seed_deviation)},
                   {"sentence_deviation", number(c.method->sentence_deviation)}};
  out["pairing"] = {{"correlation", number(c.pairing->correlation)},
                    {"variance_ratio", number(c.pairing->variance_ratio)}};
  return out;
}

}  // namespace

std::string markdown_report(const Analysis& analysis, const Drawings& drawings) {
  const experiment::DataFacts& data = analysis.results->data;
  std::string out =
      fmt::format("# {}\n\n{}, {} → {}: {}{}\n\n", markdown(analysis.results->plan.name), markdown(data.corpus),
                  markdown(data.source_language), markdown(data.target_language), markdown(data.description),
                  data.synthetic ? " Synthetic grammar, no natural text." : "");
  out += "## Result\n\n";
  for (const Comparison& comparison : analysis.comparisons)
    out += fmt::format("* {}\n", markdown(comparison.verdict));
  for (const Table& table : {main_table(analysis), claims_table(analysis), scores_table(analysis)}) {
    out += fmt::format("\n{}", to_markdown(table));
  }
  out += "\n";
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
  out += "## Translations side by side\n\n";
  for (const TestSet& test : analysis.results->tests) {
    for (const Index sentence : evenly_spread(static_cast<Index>(test.source.size()), kSamplesATest)) {
      const auto at = static_cast<std::size_t>(sentence);
      out += fmt::format("| {} | sentence {} |\n| --- | --- |\n| source | {} |\n| reference | {} |\n",
                         markdown(test.name), sentence + 1, markdown(test.source[at]), markdown(test.target[at]));
      for (const SystemSummary& system : analysis.systems) {
        const auto* lines = system.finished.empty() ? nullptr : system.finished.front()->lines(test.name);
        if (lines != nullptr) out += fmt::format("| {} | {} |\n", markdown(system.name), markdown((*lines)[at]));
      }
      out += "\n";
    }
  }
  out += fmt::format("## Cost\n\n{}\n", to_markdown(cost_table(analysis)));
  out += fmt::format("## Provenance\n\n{}\n{}\n{}", to_markdown(differences_table(analysis)),
                     to_markdown(runs_table(analysis)), to_markdown(data_table(analysis)));
  return out +
         "\nTo make it again, with this folder's `plan.resolved.yaml`:\n\n    regard run plan.resolved.yaml\n";
}

std::string latex_tables(const Analysis& analysis) {
  std::string out = "% \\usepackage{booktabs}, \\usepackage[T1]{fontenc}, \\usepackage[utf8]{inputenc}\n";
  out += to_latex(main_table(analysis));
  for (const Table& table : {claims_table(analysis), scores_table(analysis)})
    out += fmt::format("\n{}", to_latex(table));
  for (const auto& [test, sets] : analysis.buckets) {
    for (const Table& table : bucket_tables(analysis, test)) out += fmt::format("\n{}", to_latex(table));
  }
  for (const Table& table : {alignment_table(analysis), attention_table(analysis)}) {
    if (!table.rows.empty()) out += fmt::format("\n{}", to_latex(table));
  }
  return out;
}

std::string csv_results(const Analysis& analysis) { return to_csv(main_table(analysis)); }

std::string json_results(const Analysis& analysis) {
  const Results& results = *analysis.results;
  Json out{{"schema", "regard-results-1"},
           {"plan", results.plan.name},
           {"baseline", results.plan.baseline},
           {"seeds", results.plan.seeds},
           {"corpus",
            {{"name", results.data.corpus},
             {"description", results.data.description},
             {"synthetic", results.data.synthetic},
             {"source_language", results.data.source_language},
             {"target_language", results.data.target_language}}},
           {"signatures", analysis.signatures},
           {"tests", Json::object()},
           {"systems", Json::array()},
           {"attention", attention_json(analysis.attention)},
           {"comparisons", Json::array()}};
  for (const TestSet& test : results.tests) {
    out["tests"][test.name] = {{"sentences", test.target.size()}, {"buckets", buckets_json(analysis, test.name)}};
  }
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    out["systems"].push_back(system_json(analysis, analysis.systems[s], results.plan.systems[s]));
  }
  for (const Comparison& comparison : analysis.comparisons) {
    out["comparisons"].push_back(comparison_json(comparison, analysis.tokenizer));
  }
  return out.dump(2) + "\n";
}

}  // namespace regard::report
