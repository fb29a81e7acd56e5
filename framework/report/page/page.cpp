#include "framework/report/page/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/report/analysis/attention_choice.h"
#include "framework/report/analysis/comparisons.h"
#include "framework/report/analysis/reservations.h"
#include "framework/report/analysis/samples.h"
#include "framework/report/escape.h"
#include "framework/report/figures/heat_map.h"
#include "framework/report/figures/weights.h"
#include "framework/report/page/explorer.h"
#include "framework/report/tables/claim_section.h"
#include "framework/report/tables/tables.h"

namespace regard::report {
namespace {

constexpr Index kSamplesATest = 3;
constexpr std::size_t kRowsShown = 24;     // a table with more rows is folded
constexpr std::size_t kVerdictsShown = 6;  // with more systems, sentences on other test sets are folded

std::string title(const Analysis& analysis) {
  const runs::DataFacts& data = analysis.results->data;
  const std::string badge =
      data.synthetic ? " <span class=\"badge\">synthetic grammar, not natural text</span>" : "";
  return fmt::format(
      "<header>\n<h1>{}</h1>\n"
      "<p class=\"lead\"><span dir=\"auto\">{}</span>, {} → {}: {}</p>\n"
      "<p class=\"lead\">{} compared over {}, baseline <b>{}</b>.{}</p>\n"
      "<nav aria-label=\"Sections\"><ul><li><a href=\"#verdict\">Result</a></li><li><a "
      "href=\"#learning\">Learning "
      "curves</a></li><li><a href=\"#lengths\">Sentence length</a></li><li><a "
      "href=\"#attention\">Attention</a></li><li><a href=\"#interventions\">Is it used?</a></li>"
      "<li><a href=\"#cost-section\">Cost</a></li><li><a href=\"#samples\">Translations</a></li><li><a "
      "href=\"#explorer\">Every sentence</a></li>"
      "<li><a href=\"#provenance\">Provenance</a></li></ul></nav>\n</header>\n<main>\n",
      html(analysis.results->plan.name), html(data.corpus), html(data.source_language), html(data.target_language),
      html(data.description), plural(static_cast<Index>(analysis.systems.size()), "system"),
      plural(static_cast<Index>(analysis.results->plan.seeds.size()), "seed"),
      html(analysis.results->plan.baseline), badge);
}

std::string section(const char* id, const char* name, const std::string& content) {
  return fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{1}</h2>\n{2}</section>\n",
                     id, name, content);
}

std::string folded(const std::string& summary, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>\n{}</details>\n", html(summary), content);
}

// Returns the note below the verdicts that explains their numbers.
std::string brackets(const Analysis& analysis) {
  const auto of_method = [](const Comparison& comparison) { return comparison.numbers.method.has_value(); };
  const bool any = std::any_of(analysis.comparisons.begin(), analysis.comparisons.end(), of_method);
  if (any) {
    return "Brackets: 95 % interval for training again with other seeds and testing on other sentences of this "
           "kind. The interval and the first p are for one comparison. Holm's p is corrected for the number of "
           "systems and is used for the verdict.";
  }
  const bool finished =
      std::any_of(analysis.systems.begin(), analysis.systems.end(),
                  [](const SystemSummary& system) { return !system.external && !system.finished.empty(); });
  if (!finished) return "No run has finished.";
  return "Brackets: 95 % interval for these models on other sentences. One seed does not show what "
         "training again would give.";
}

// Returns one sentence for each system, with those on other test sets below it, or folded if there are many systems.
std::string verdicts(const Analysis& analysis) {
  const bool many = analysis.systems.size() > kVerdictsShown;
  std::string out = "<ul class=\"verdicts\">\n";
  std::string others = "<ul>\n";
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    std::string first;
    std::string also;
    for (const Comparison& comparison : analysis.comparisons) {
      if (comparison.system != analysis.systems[s].name) continue;
      if (comparison.test == analysis.primary_test) {
        first = html(in_words(comparison));
      } else if (many) {
        others += fmt::format("<li>{}</li>\n", html(comparison.verdict));
      } else {
        also += fmt::format("<br><span class=\"also\">{}</span>", html(comparison.verdict));
      }
    }
    if (first.empty()) continue;
    out += fmt::format("<li style=\"--c:{}\">{}{}</li>\n", system_colour(s), first, also);
  }
  out += "</ul>\n";
  if (many && analysis.results->tests.size() > 1) out += folded("On the other test sets", others + "</ul>\n");
  const std::string reader = baseline_note(analysis.results->plan);
  if (!reader.empty()) out += fmt::format("<p class=\"note\">{}</p>\n", html(reader));
  return out + fmt::format("<p class=\"note\">{}</p>\n", html(brackets(analysis)));
}

// Returns the triangle and the ranking of each test set, folded.
std::string every_pair(const Analysis& analysis) {
  std::string content;
  for (const Table& table : pair_tables(analysis)) content += to_html(table, false);
  return content.empty() ? "" : folded("Every pair of systems, and which may be the best", content);
}

// Returns the alternative text of a figure. Its numbers are in the tables.
std::string alternative(const Figure& figure) {
  return fmt::format("Plot of {} against {}.", figure.y_label, figure.x_label);
}

std::string drawn(const Drawings& drawings, std::string_view prefix, std::string_view or_prefix = "none") {
  if (!drawings.missing.empty()) return "";  // the reason is shown once, in the first section with figures
  std::string out = "<div class=\"figures\">\n";
  for (const Drawing& drawing : drawings.figures) {
    if (!drawing.figure.id.starts_with(prefix) && !drawing.figure.id.starts_with(or_prefix)) continue;
    out += fmt::format(
        "<figure{}><img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>\n",
        is_crowded(drawing.figure) ? " class=\"wide\"" : "", svg_data_uri(drawing.svg),
        size_of(drawing.figure).width, size_of(drawing.figure).height, html(alternative(drawing.figure)),
        html(drawing.figure.caption));
  }
  return out + "</div>\n";
}

std::string buckets(const Analysis& analysis, const Drawings& drawings) {
  std::string out = drawn(drawings, "length-");
  const bool more = std::any_of(analysis.buckets.begin(), analysis.buckets.end(),
                                [](const auto& of_test) { return of_test.second.size() > 1; });
  if (more && drawings.missing.empty()) {
    out += "<h3>By rare words and word order</h3>\n" + drawn(drawings, "rarest-", "order-");
  }
  for (const auto& [test, sets] : analysis.buckets) {
    std::string tables;
    for (const Table& table : bucket_tables(analysis, test)) tables += to_html(table, true);
    out += drawings.missing.empty() ? folded(fmt::format("The numbers of {}", test), tables) : tables;
  }
  return out;
}

std::string attention_numbers(const Analysis& analysis) {
  std::string out;
  for (const Table& table : {alignment_table(analysis), attention_table(analysis), agreement_table(analysis)}) {
    if (table.rows.empty()) continue;
    const bool many = table.rows.size() > kRowsShown;
    out += many ? folded(fmt::format("{}: {} rows", table.caption, table.rows.size()), to_html(table, true))
                : to_html(table, true);
  }
  return out + fmt::format("<p class=\"note\">{}</p>\n", html(attention_words()));
}

std::string attention(const Analysis& analysis) {
  const std::optional<AttentionChoice> choice = choose_attention(analysis);
  if (!choice) return "<p>No system of this plan has attention weights.</p>\n";
  const auto at = static_cast<std::size_t>(choice->sentence);
  std::size_t maps = 0;
  std::size_t words = 0;
  for (const runs::AttentionExample* shown : choice->shown) {
    if (shown == nullptr) continue;
    ++maps;
    words = std::max(words, shown->source.size());
  }
  std::string out = fmt::format(
      "<p>Attention of each system on the source words (columns) for each output word (rows); darker is more. "
      "Sentence {} of {}, seed {}; it is {}.</p>\n{}<dl class=\"pair\"><dt>source</dt><dd "
      "dir=\"auto\">{}</dd><dt>reference</dt><dd dir=\"auto\">{}</dd></dl>\n<div class=\"maps {}\">\n",
      choice->sentence + 1, html(choice->test->name), choice->seed, choice->rule, heat_scale_html(),
      html(choice->test->source[at]), html(choice->test->target[at]), heat_maps_density(maps, words));
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    const SystemSummary& system = analysis.systems[s];
    if (choice->shown[s] != nullptr) {
      const runs::AttentionExample& example = *choice->shown[s];
      out += "<div>" + heat_map_html(example, system.name);
      std::string each;
      for (std::size_t n = 0; n < example.maps.size(); ++n)
        each += heat_map_html(map_of(example, n), fmt::format("{}, map {}", system.name, n + 1));
      if (!each.empty())
        out += folded(fmt::format("Its {} maps, of which this is the mean", example.maps.size()), each);
      out += "</div>\n";
      continue;
    }
    const auto* lines = system.finished.empty() ? nullptr : system.finished.front()->lines(choice->test->name);
    if (lines == nullptr) continue;
    out += fmt::format(
        "<div class=\"plain\"><p><b>{}</b> {}</p><p dir=\"auto\">{}</p></div>\n", html(system.name),
        system.external ? "is another program: its attention is not known." : "has no attention weights.",
        marked_words((*lines)[at], choice->test->target[at]));
  }
  return out + "</div>\n" + attention_numbers(analysis);
}

std::string interventions(const Analysis& analysis, const Drawings& drawings) {
  const std::string missing = how_to_intervene(analysis);
  std::string out;
  for (const Table& table : {interventions_table(analysis), interventions_by_length_table(analysis)}) {
    if (!table.rows.empty()) out += to_html(table, true);
  }
  if (!out.empty())
    out = fmt::format("<p>{}</p>\n", html(interventions_words())) + drawn(drawings, "intervention-") + out;
  for (const auto& [system, why] : analysis.interventions.refused)
    out += fmt::format("<p class=\"note\">{}: {}.</p>\n", html(system), html(why));
  if (!missing.empty()) out += fmt::format("<p class=\"note\">{}</p>\n", html(missing));
  return out.empty() ? "<p>No system of this plan has attention weights.</p>\n" : out;
}

std::string samples(const Analysis& analysis) {
  std::string out =
      "<p class=\"note\">Evenly spaced sentences of each test set, first seed of each system. Marked: "
      "words that are not in the reference or in another order.</p>\n";
  for (const TestSet& test : analysis.results->tests) {
    for (const Index sentence : evenly_spread(static_cast<Index>(test.source.size()), kSamplesATest)) {
      out += sample_html(analysis, test, sentence);
    }
  }
  return out;
}

std::string preformatted(const std::string& text) {
  std::string out = "<pre dir=\"ltr\">";
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += html(std::string_view(text).substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return out + "</pre>\n";
}

std::string manifests(const Analysis& analysis) {
  std::string out;
  for (const Run& run : analysis.results->runs) {
    if (!run.manifest) continue;
    const runs::Manifest& m = *run.manifest;
    std::string text = fmt::format(
        "regard {} ({}{})\ncompiler {} {}\ncpu {}; {}; {} threads\nproducts {}, {}\nstarted {}, finished {}\n",
        m.regard, m.commit, m.tree_clean ? "" : ", with changes", m.compiler, m.flags, m.cpu, m.instruction_set,
        m.threads, m.backend, m.precision, m.started, m.finished);
    if (m.portable) text += "the same bytes on every x86-64 processor with AVX2 and FMA\n";
    if (!m.not_portable.empty()) text += fmt::format("depends on the processor: {}\n", m.not_portable);
    for (const auto& [library, version] : m.libraries) text += fmt::format("{} {}\n", library, version);
    for (const auto& [part, count] : m.parameters_by_part)
      text += fmt::format("parameters of {}: {}\n", part, count);
    out += folded(fmt::format("Manifest of {}, seed {}", run.system, run.seed), preformatted(text));
  }
  return out;
}

std::string provenance(const Analysis& analysis) {
  std::string out = to_html(differences_table(analysis), false);
  out += to_html(runs_table(analysis), true);
  const Table data = data_table(analysis);
  out += to_html(data, false);
  std::string hashes;
  for (const auto& [file, hash] : analysis.results->data.hashes) hashes += fmt::format("{}  {}\n", hash, file);
  out += fmt::format("<p>To repeat the runs, with {}'s <code>plan.resolved.yaml</code>:</p>\n",
                     analysis.results->joined.empty() ? "this folder" : "each folder");
  out += "<pre>regard run plan.resolved.yaml</pre>\n";
  for (const auto& [folder, plan] : analysis.results->joined)
    out += folded(fmt::format("The whole plan of {} with all defaults", folder), preformatted(plan));
  if (analysis.results->joined.empty())
    out += folded("The whole plan with all defaults", preformatted(analysis.results->plan.text));
  if (!hashes.empty()) out += folded("SHA-256 of the data", preformatted(hashes));
  return out + manifests(analysis);
}

}  // namespace

std::string page_head(const std::string& title, const std::string& skip_to) {
  // The page loads nothing; the policy makes the browser enforce this.
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
      "'unsafe-inline'; script-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#{}\">To the result</a>\n",
      html(title), page_style(), skip_to);
}

std::string page_end(std::string_view more_script, std::string_view footer) {
  return fmt::format(
      "</main>\n<footer><p>{}</p></footer>\n<script>\n'use strict';\n(() => {{\n{}{}}})();\n</script>\n"
      "</body>\n</html>\n",
      html(footer), page_script(), more_script);
}

std::string page(const Analysis& analysis, const Drawings& drawings) {
  std::string out = page_head(analysis.results->plan.name + " – comparison report", "verdict") + title(analysis);
  out += section(
      "verdict", "Result",
      claim_section(*analysis.results) + verdicts(analysis) + to_html(main_table(analysis), true) +
          folded("Certainty: the two claims, and each pair of runs",
                 to_html(claims_table(analysis), true) + to_html(pairs_table(analysis), true)) +
          every_pair(analysis) +
          folded("Every score: each test set, tokeniser, beam and greedy", to_html(scores_table(analysis), true)));
  if (analysis.results->tuning) {
    out += section("tuning-section", "Tuning",
                   to_html(chosen_table(analysis), true) + drawn(drawings, "tuning-") +
                       to_html(tuning_table(analysis), true) +
                       folded("Every trial", to_html(trials_table(analysis), true)));
  }
  out += section("learning", "Learning curves",
                 drawings.missing.empty() ? drawn(drawings, "learning-")
                                          : fmt::format("<p class=\"note\">{}</p>\n", html(drawings.missing)));
  out += section("lengths", "Scores by sentence length and difficulty", buckets(analysis, drawings));
  out += section("attention", "Attention", attention(analysis));
  out += section("interventions", "Does it use its attention?", interventions(analysis, drawings));
  out +=
      section("cost-section", "Cost", to_html(cost_table(analysis), true) + drawn(drawings, "cost", "minutes-"));
  out += section("samples", "Translations side by side", samples(analysis));
  out += section("explorer", "Every sentence", explorer_html(analysis));
  out += section("provenance", "Provenance", provenance(analysis));
  return out +
         page_end(explorer_script(),
                  "Made by regard from the run folder only; the same numbers are in results.json, results.csv, "
                  "report.md and table.tex in the same folder.");
}

}  // namespace regard::report
