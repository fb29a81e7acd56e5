#include "framework/report/page/explorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "framework/evaluation/bleu.h"
#include "framework/report/analysis/attention_choice.h"
#include "framework/report/analysis/diff_tokens.h"
#include "framework/report/analysis/samples.h"
#include "framework/report/analysis/score_buckets.h"
#include "framework/report/escape.h"

namespace regard::report {
namespace {

using Json = nlohmann::json;

constexpr Index kFirstPage = 10;
constexpr std::size_t kMostBytes = std::size_t{16} << 20;   // of sentences: the page stays below 20 MB
constexpr std::size_t kMostWeights = std::size_t{1} << 20;  // numbers of attention, about 2.5 bytes each

// Returns the tokeniser for sentence BLEU: characters for text without spaces, in which a sentence would be one word
// and score 0 or 100.
evaluation::Tokenizer sentence_tokenizer(const Analysis& analysis, const TestSet& test) {
  return writes_no_spaces(test.target) ? evaluation::Tokenizer::chars
                                       : evaluation::tokenizer_named(analysis.tokenizer);
}

// Returns sentence BLEU (effective order) of a system's first seed, to one decimal.
std::vector<double> sentence_scores(const SystemSummary& system, const TestSet& test,
                                    evaluation::Tokenizer tokenizer) {
  evaluation::BleuOptions options;
  options.tokenizer = tokenizer;
  std::vector<double> scores;
  const auto* lines = system.finished.front()->lines(test.name);
  if (lines == nullptr) return scores;
  for (const evaluation::BleuScore& bleu : evaluation::sentence_bleu(*lines, {test.target}, options)) {
    scores.push_back(std::round(bleu.score * 10) / 10);
  }
  return scores;
}

// Returns {"s": source, "t": target, "w": […]}. The weights are in thousandths, row by row.
Json heat_map_json(const runs::AttentionExample& example) {
  Json weights = Json::array();
  for (const double weight : example.weights.values)
    weights.push_back(std::isfinite(weight) ? std::lround(static_cast<float>(weight) * 1000) : 0);
  return {{"s", example.source}, {"t", example.target}, {"w", std::move(weights)}};
}

// sentence -> one heat map a system (null where it has none), as long as bytes are left.
Json attention_json(const std::vector<const SystemSummary*>& systems, const TestSet& test,
                    std::size_t& bytes_left) {
  Json all = Json::object();
  for (std::size_t s = 0; s < systems.size(); ++s) {
    const auto& kept = systems[s]->finished.front()->attention;
    const auto found = kept.find(test.name);
    if (found == kept.end()) continue;
    for (const runs::AttentionExample& example : found->second) {
      const std::size_t size = example.source.size() * example.target.size();
      if (size > bytes_left) continue;
      bytes_left -= size;
      Json& maps = all[std::to_string(example.index)];
      if (maps.is_null()) maps = std::vector<Json>(systems.size());
      maps[s] = heat_map_json(example);
    }
  }
  return all;
}

Json ranges_json(std::span<const Range> ranges) {
  Json all = Json::array();
  for (const Range& range : ranges) all.push_back({static_cast<int>(range.first), static_cast<int>(range.last)});
  return all;
}

Json test_json(const Analysis& analysis, const std::vector<const SystemSummary*>& systems, const TestSet& test,
               std::size_t& bytes_left, std::size_t& weights) {
  std::vector<std::vector<double>> scores;
  const evaluation::Tokenizer tokenizer = sentence_tokenizer(analysis, test);
  for (const SystemSummary* system : systems) scores.push_back(sentence_scores(*system, test, tokenizer));
  const Lengths lengths = source_lengths(test);
  Json rows = Json::array();
  for (std::size_t i = 0; i < test.source.size(); ++i) {
    std::size_t size = test.source[i].size() + test.target[i].size() + 24;
    Json hypotheses = Json::array();
    Json points = Json::array();
    for (std::size_t s = 0; s < systems.size(); ++s) {
      const auto* lines = systems[s]->finished.front()->lines(test.name);
      size += (lines == nullptr ? 0 : (*lines)[i].size()) + 8;
      hypotheses.push_back(lines == nullptr ? Json(nullptr) : Json((*lines)[i]));
      points.push_back(lines == nullptr ? Json(nullptr) : Json(scores[s][i]));
    }
    if (size > bytes_left) break;
    bytes_left -= size;
    rows.push_back({i, test.source[i], test.target[i], std::move(hypotheses), std::move(points), lengths.of[i]});
  }
  return {{"name", test.name},
          {"sentences", test.source.size()},
          {"unit", lengths.unit},
          {"rows", std::move(rows)},
          {"attention", attention_json(systems, test, weights)}};
}

}  // namespace

std::string explorer_html(const Analysis& analysis) {
  std::vector<const SystemSummary*> systems;
  const runs::DataFacts& facts = analysis.results->data;
  Json data{{"systems", Json::array()},
            {"attends", Json::array()},
            {"tests", Json::array()},
            {"page", kFirstPage},
            {"languages", {language_tag(facts.source_language), language_tag(facts.target_language)}},
            {"scripts",
             {{"unspaced", ranges_json(unspaced_scripts())},
              {"attached", ranges_json(attached_marks())},
              {"punctuation", ranges_json(word_punctuation())},
              {"upright", ranges_json(upright_scripts())}}}};
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    if (analysis.systems[s].finished.empty()) continue;
    systems.push_back(&analysis.systems[s]);
    data["systems"].push_back(analysis.systems[s].name);
    data["attends"].push_back(!analysis.systems[s].finished.front()->attention.empty());
    if (analysis.systems[s].name == analysis.results->plan.baseline) data["baseline"] = systems.size() - 1;
  }
  if (analysis.results->tests.empty()) return "<p>The plan has no test set, so there are no translations.</p>\n";
  if (systems.empty()) return "<p>No run has finished, so there are no translations.</p>\n";
  std::size_t bytes_left = kMostBytes;
  std::size_t weights = kMostWeights;
  std::vector<const TestSet*> tests{analysis.test(analysis.primary_test)};
  for (const TestSet& test : analysis.results->tests) {
    if (test.name != analysis.primary_test) tests.push_back(&test);
  }
  for (const TestSet* test : tests)
    data["tests"].push_back(test_json(analysis, systems, *test, bytes_left, weights));

  std::string out = fmt::format(
      "<p class=\"note\">Every test sentence, first seed of each system; the number before a translation is its "
      "sentence BLEU (tokeniser {}). Marked: words that are not in the reference or in another order.</p>\n",
      name_of(sentence_tokenizer(analysis, *tests.front())));
  out +=
      "<noscript><p class=\"note\">These are the first sentences; with JavaScript the rest can be searched and "
      "sorted.</p></noscript>\n<div id=\"explorer-controls\" class=\"controls\" hidden></div>\n"
      "<p id=\"explorer-status\" class=\"note\" role=\"status\"></p>\n<div id=\"explorer-list\">\n";
  const Index shown = std::min<Index>(kFirstPage, static_cast<Index>(tests.front()->source.size()));
  for (Index i = 0; i < shown; ++i) out += sample_html(analysis, *tests.front(), i);
  out += "</div>\n<div id=\"explorer-pages\" class=\"controls\" hidden></div>\n";
  return out + fmt::format("<script type=\"application/json\" id=\"explorer-data\">{}</script>\n",
                           json_in_html(data.dump(-1, ' ', false, Json::error_handler_t::replace)));
}

}  // namespace regard::report
