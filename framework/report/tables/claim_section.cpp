#include "framework/report/tables/claim_section.h"

#include <fmt/format.h>

#include "framework/report/escape.h"
#include "framework/report/tables/tables_claim.h"

namespace regard::report {

std::string claim_section(const Results& results) {
  const auto sentences = claim_sentences(results);
  const auto history = claim_history(results);
  if (sentences.empty() && history.empty()) return "";
  std::string out = "<h3 id=\"claim\">The claim</h3>\n";
  if (!sentences.empty()) {
    out += fmt::format("<p>{}</p>\n<ul class=\"verdicts\">\n", html(sentences.front()));
    for (std::size_t i = 1; i < sentences.size(); ++i) out += fmt::format("<li>{}</li>\n", html(sentences[i]));
    out += "</ul>\n";
    if (const std::string caution = claim_caution(results); !caution.empty())
      out += fmt::format("<p class=\"note\">{}</p>\n", html(caution));
    const Table rounds = rounds_table(results);
    if (!rounds.rows.empty())
      out += fmt::format("<details><summary>Rounds of seeds</summary>\n{}</details>\n", to_html(rounds, false));
  }
  if (history.empty()) return out;
  out += "<p class=\"note\">History of the claim:</p>\n<ul class=\"note\">\n";
  for (const std::string& line : history) out += fmt::format("<li>{}</li>\n", html(line));
  return out + "</ul>\n";
}

std::string claim_markdown(const Results& results) {
  const auto sentences = claim_sentences(results);
  const auto history = claim_history(results);
  if (sentences.empty() && history.empty()) return "";
  std::string out = "### The claim\n\n";
  if (!sentences.empty()) out += markdown(sentences.front()) + "\n\n";
  for (std::size_t i = 1; i < sentences.size(); ++i) out += fmt::format("* {}\n", markdown(sentences[i]));
  if (const std::string caution = claim_caution(results); !caution.empty())
    out += fmt::format("\n{}\n", markdown(caution));
  const Table rounds = rounds_table(results);
  if (!rounds.rows.empty()) out += fmt::format("\n{}", to_markdown(rounds));
  if (!history.empty()) out += "\nHistory of the claim:\n\n";
  for (const std::string& line : history) out += fmt::format("* {}\n", markdown(line));
  return out + "\n";
}

}  // namespace regard::report
