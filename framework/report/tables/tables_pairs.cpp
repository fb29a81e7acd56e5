// The tables of framework/report/analysis/pairs.h.
#include <fmt/format.h>

#include <algorithm>

#include "framework/report/analysis/pairs.h"
#include "framework/report/escape.h"
#include "framework/report/tables/cells.h"
#include "framework/report/tables/tables.h"

namespace regard::report {
namespace {

// Row minus column. Bold: Holm's p is below 0.05, or without a claim about the method the p of these models.
Cell pair_cell(const Comparison& pair, bool turned) {
  if (pair.seeds.empty()) return text_cell("–");
  const double sign = turned ? -1 : 1;
  const evaluation::Comparison& c = pair.numbers;
  const double low = sign * (c.method ? c.method->low : c.models.low);
  const double high = sign * (c.method ? c.method->high : c.models.high);
  Cell cell = number_cell(fmt::format("{} [{}, {}]", signed_fixed(sign * c.models.difference, 1),
                                      fixed(std::min(low, high), 1), fixed(std::max(low, high), 1)),
                          sign * c.models.difference);
  cell.best = (c.holm_p_value ? *c.holm_p_value : c.models.p_value) < kBestLevel;
  return cell;
}

// The systems in the order of the triangle: as ranked, then those without a rank.
std::vector<std::string> order_of(const PairAnalysis& pairs, const Analysis& analysis) {
  std::vector<std::string> order;
  for (const Rank& rank : pairs.ranking) order.push_back(rank.system);
  for (const SystemSummary& system : analysis.systems) {
    if (std::find(order.begin(), order.end(), system.name) == order.end() && !system.finished.empty())
      order.push_back(system.name);
  }
  return order;
}

}  // namespace

Table triangle_table(const Analysis& analysis, const PairAnalysis& pairs) {
  Table table{"every-pair-" + file_stem(pairs.test),
              fmt::format("Every pair on {}: row minus column, BLEU with 95 % interval", pairs.test),
              {{"", "", false}},
              {},
              {}};
  const std::vector<std::string> order = order_of(pairs, analysis);
  if (order.size() < 2) return table;
  for (std::size_t column = 0; column + 1 < order.size(); ++column)
    table.columns.push_back({order[column], "", true});
  for (std::size_t row = 1; row < order.size(); ++row) {
    std::vector<Cell> cells{text_cell(order[row])};
    for (std::size_t column = 0; column + 1 < order.size(); ++column) {
      const Comparison* pair = column < row ? pairs.of(order[row], order[column]) : nullptr;
      cells.push_back(pair == nullptr ? text_cell("") : pair_cell(*pair, pair->baseline == order[row]));
    }
    table.rows.push_back(std::move(cells));
  }
  table.notes.push_back(
      pairs.compared > 0
          ? fmt::format(
                "Intervals are for training again (the method). Bold: p below 0.05 with Holm's correction over "
                "all {} pairs, so with many systems fewer differences are bold than against one baseline.",
                pairs.compared)
          : "One seed: intervals are for these models on other sentences. Bold: p below 0.05, not corrected.");
  return table;
}

Table ranking_table(const PairAnalysis& pairs) {
  Table table{"ranking-" + file_stem(pairs.test),
              fmt::format("Which may be the best on {}", pairs.test),
              {{"system", "", false}, {"BLEU", "", true}, {"may be the best", "", false}},
              {},
              {}};
  for (const Rank& rank : pairs.ranking) {
    Cell may = text_cell(
        rank.may_be_best ? "yes" : fmt::format("no: {} beats it, p {}", rank.beaten_by, p_text(rank.p_value)));
    may.best = rank.may_be_best;
    table.rows.push_back({text_cell(rank.system), number_cell(fixed(rank.mean, 2), rank.mean), std::move(may)});
  }
  if (!table.rows.empty()) {
    table.notes.push_back(fmt::format(
        "The systems with yes have the best one among them with a probability of at least 95 %: a system is left out only "
        "if another one beats it with one-sided p below 0.05 / {} (subset selection, Gupta 1965; Bonferroni).",
        std::max<std::size_t>(1, pairs.ranking.size() - 1)));
  }
  return table;
}

std::vector<Table> pair_tables(const Analysis& analysis) {
  std::vector<Table> tables;
  if (analysis.systems.size() < 3) return tables;
  for (const PairAnalysis& pairs : analysis.pairs) {
    for (Table& table : std::vector<Table>{ranking_table(pairs), triangle_table(analysis, pairs)}) {
      if (!table.rows.empty()) tables.push_back(std::move(table));
    }
  }
  return tables;
}

}  // namespace regard::report
