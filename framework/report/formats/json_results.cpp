// Writes results.json.
#include "framework/report/analysis/score_buckets.h"
#include "framework/report/formats/formats.h"
#include "framework/report/formats/json_parts.inl"

namespace regard::report {
namespace {

Json system_json(const Analysis& analysis, const SystemSummary& system, const runs::SystemFacts& facts) {
  Json out{{"name", system.name},
           {"external", system.external},
           {"differences", Json::object()},
           {"best_epoch", spread_json(system.best_epoch)},
           {"parameters", spread_json(system.parameters)},
           {"tests", Json::object()},
           {"runs", Json::array()}};
  for (const auto& [key, value] : facts.differences) out["differences"][key] = value;
  for (const TestSet& test : analysis.results->tests) {
    out["tests"][test.name] = {{"bleu", spreads_json(system.bleu.at(test.name))},
                               {"greedy_bleu", spreads_json(system.greedy_bleu.at(test.name))},
                               {"perplexity", spread_json(spread_at(system.perplexity, test.name))},
                               {"loss", spread_json(spread_at(system.loss, test.name))}};
    for (const auto& [metric, spreads] : system.by_metric) {
      if (spreads.contains(test.name))
        out["tests"][test.name][evaluation::facts_of(metric).key] = spread_json(spreads.at(test.name));
    }
  }
  for (const Run& run : analysis.results->runs) {
    if (run.system != system.name) continue;
    static constexpr const char* kStates[] = {"missing", "unfinished", "failed", "finished"};
    Json one{{"seed", run.seed}, {"state", kStates[static_cast<int>(run.state)]}, {"bleu", Json::object()}};
    if (run.state == RunState::failed) one["reason"] = run.reason;
    one["facts"] = Json::array();
    for (const runs::RunFact& fact : run.facts) {
      one["facts"].push_back({{"fact", runs::kFactNames.at(static_cast<std::size_t>(fact.kind))},
                              {"test", fact.test},
                              {"value", number_json(fact.value)},
                              {"text", fact.text}});
    }
    for (const auto& [test, scores] : run.scores.tests) {
      for (const auto& [tokenizer, bleu] : scores.bleu) one["bleu"][test][tokenizer] = number_json(bleu.score);
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
      Json one{{"from", number_json(bucket.from)},
               {"to", number_json(bucket.to)},
               {"after", bucket.after},
               {"sentences", bucket.sentences},
               {"mean", number_json(bucket.mean)}};
      for (std::size_t s = 0; s < bucket.bleu.size(); ++s) {
        const std::string& system = analysis.systems[s].name;
        const auto with_interval = [](const Spread& spread, const evaluation::Interval& interval) {
          Json object = spread_json(spread);
          object["interval"] = {number_json(interval.low), number_json(interval.high)};
          return object;
        };
        one["bleu"][system] = with_interval(bucket.bleu[s], bucket.bleu_interval[s]);
        one["chrf2"][system] = with_interval(bucket.chrf[s], bucket.chrf_interval[s]);
      }
      buckets.push_back(std::move(one));
    }
    out.push_back({{"property", id_of(set.property)}, {"unit", set.unit}, {"buckets", std::move(buckets)}});
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
                                  {"entropy", spread_json(row.entropy)},
                                  {"relative_entropy", spread_json(row.relative_entropy)},
                                  {"largest", spread_json(row.largest)},
                                  {"on_end", spread_json(row.on_end)},
                                  {"on_no_token", spread_json(row.off)},
                                  {"monotone", spread_json(row.monotone)},
                                  {"covered", spread_json(row.covered)}});
  }
  for (const AlignmentNumbers& row : attention.alignments) {
    out["alignments"].push_back({{"system", row.system},
                                 {"test", row.test},
                                 {"sentences", row.sentences},
                                 {"left_out", row.left_out},
                                 {"error_rate", spread_json(row.error_rate)},
                                 {"precision", spread_json(row.precision)},
                                 {"recall", spread_json(row.recall)}});
  }
  for (const AgreementNumbers& row : attention.agreements) {
    out["agreements"].push_back({{"systems", {row.system, row.other}},
                                 {"test", row.test},
                                 {"pairs", row.pairs},
                                 {"overlap", number_json(row.agreement.overlap)},
                                 {"same_place", number_json(row.agreement.same_place)}});
  }
  return out;
}

Json pairs_json(const Analysis& analysis) {
  Json out = Json::array();
  for (const PairAnalysis& pairs : analysis.pairs) {
    Json one{{"test", pairs.test}, {"pairs", Json::array()}, {"ranking", Json::array()}};
    for (const Comparison& pair : pairs.pairs) one["pairs"].push_back(comparison_json(pair, analysis.tokenizer));
    for (const Rank& rank : pairs.ranking) {
      one["ranking"].push_back({{"system", rank.system},
                                {"mean", number_json(rank.mean)},
                                {"may_be_best", rank.may_be_best},
                                {"beaten_by", rank.beaten_by},
                                {"p_value", number_json(rank.p_value)}});
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

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
           {"metrics", Json::array()},
           {"tests", Json::object()},
           {"systems", Json::array()},
           {"attention", attention_json(analysis.attention)},
           {"comparisons", Json::array()}};
  for (const runs::ReportMetric metric : results.plan.metrics) out["metrics"].push_back(runs::name_of(metric));
  for (const TestSet& test : results.tests) {
    out["tests"][test.name] = {{"sentences", test.target.size()}, {"buckets", buckets_json(analysis, test.name)}};
  }
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    out["systems"].push_back(system_json(analysis, analysis.systems[s], results.plan.systems[s]));
  }
  for (const Comparison& comparison : analysis.comparisons) {
    Json one = comparison_json(comparison, analysis.tokenizer);
    one["reservations"] = comparison.reservations;
    out["comparisons"].push_back(std::move(one));
  }
  if (results.tuning) out["tuning"] = tuning_json(*results.tuning);
  if (!results.plan.planned_baseline.empty()) out["planned_baseline"] = results.plan.planned_baseline;
  if (results.decisions) out["claim"] = claim_json(results);
  out["pairs"] = pairs_json(analysis);
  out["interventions"] = interventions_json(analysis.interventions);
  return out.dump(2) + "\n";
}

}  // namespace regard::report
