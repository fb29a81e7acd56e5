// The tables of the attention section.
#include <fmt/format.h>

#include <algorithm>

#include "framework/report/tables/cells.h"
#include "framework/report/tables/tables.h"

namespace regard::report {
namespace {

Cell digits(const Spread& spread, int count) { return spread_cell(spread, with_deviation(spread, count)); }
Cell share(const Spread& spread) { return spread_cell(spread, percent(spread.mean)); }
Cell count(Index n) { return number_cell(fmt::format("{}", n), static_cast<double>(n)); }

}  // namespace

std::string attention_words() {
  return "What this shows: which encoder states are in the context vector, how sharp the weights are, and whether "
         "they are those of the words that a person would link. What it does not show: why a word was chosen. States "
         "also carry information of neighbouring words, other weights may give the same word (Jain and Wallace 2019; "
         "Wiegreffe and Pinter 2019), and a system may translate well although its weights are one word off.";
}

Table attention_table(const Analysis& analysis) {
  Table table{"attention-numbers",
              "Distribution of the weights",
              {{"system", "", false},
               {"test set", "", false},
               {"entropy", "nats a word", true},
               {"of a uniform distribution", "%", true},
               {"largest weight", "", true},
               {"on </s>", "%", true},
               {"on no token", "%", true},
               {"monotone", "% of steps", true},
               {"source covered", "%", true},
               {"sentences", "", true},
               {"n", "", true}},
              {},
              {}};
  bool own = false;
  for (const AttentionNumbers& row : analysis.attention.diagnostics) {
    own = own || !row.forced;
    table.rows.push_back({text_cell(row.system), text_cell(row.test), digits(row.entropy, 2),
                          share(row.relative_entropy), digits(row.largest, 2), share(row.on_end), share(row.off),
                          share(row.monotone), share(row.covered), count(row.sentences), count(row.entropy.n)});
  }
  table.notes = {
      own ? "For each system's own translations, so for different words: systems cannot be compared strictly."
          : "For the reference, which every system is forced to write, so for the same words.",
      "Entropy 0: all weight on one word; a uniform distribution has 100 %. On no token: on padding, "
      "or not given to any token; a normalised variant must have 0. Monotone: steps that do not go back. "
      "Covered: mean over source words of the weight they received, at most 1 each."};
  return table;
}

Table alignment_table(const Analysis& analysis) {
  Table table{"alignment",
              "Attention against gold word alignments",
              {{"system", "", false},
               {"test set", "", false},
               {"AER", "%", true},
               {"precision", "%", true},
               {"recall", "%", true},
               {"sentences", "", true},
               {"n", "", true}},
              {},
              {}};
  Index left_out = 0;
  for (const AlignmentNumbers& row : analysis.attention.alignments) {
    left_out = std::max(left_out, row.left_out);
    const auto in_percent = [](const Spread& spread) {
      Spread scaled = spread;
      scaled.mean *= 100;
      scaled.deviation *= 100;
      return spread_cell(scaled, with_deviation(scaled, 1));
    };
    table.rows.push_back({text_cell(row.system), text_cell(row.test), in_percent(row.error_rate),
                          in_percent(row.precision), in_percent(row.recall), count(row.sentences),
                          count(row.error_rate.n)});
  }
  table.notes = {
      "AER, the alignment error rate (Och and Ney 2003), as in table 6 of Luong et al. (2015): the system is "
      "forced to write the reference, and each target word is linked to the source word with its largest weight. ",
      "Each target word gets one link, so a word with several gold links reduces recall for every "
      "attention."};
  if (left_out > 0)
    table.notes.push_back(
        fmt::format("{} sentences were left out: their tokens cannot be matched with their words.", left_out));
  return table;
}

Table agreement_table(const Analysis& analysis) {
  Table table{"agreement",
              "Agreement of attention",
              {{"systems", "", false},
               {"test set", "", false},
               {"weight in common", "%", true},
               {"same largest", "% of words", true},
               {"pairs of runs", "", true}},
              {},
              {}};
  for (const AgreementNumbers& row : analysis.attention.agreements) {
    const bool own = row.system == row.other;
    table.rows.push_back(
        {text_cell(own ? fmt::format("{}, between seeds", row.system)
                       : fmt::format("{} and {}", row.system, row.other)),
         text_cell(row.test), number_cell(percent(row.agreement.overlap), 100 * row.agreement.overlap),
         number_cell(percent(row.agreement.same_place), 100 * row.agreement.same_place), count(row.pairs)});
  }
  table.notes = {
      "Two systems: runs with equal seeds. If two systems differ no "
      "more than the seeds of one, the difference between them is not shown."};
  return table;
}

}  // namespace regard::report
