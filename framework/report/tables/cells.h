#pragma once
// Makes cells of tables, for tables.cpp and tables_provenance.cpp.
#include <string>
#include <utility>

#include "framework/report/analysis/numbers.h"
#include "framework/report/tables/table.h"

namespace regard::report {

[[nodiscard]] inline Cell text_cell(std::string text) {
  Cell cell;
  cell.text = std::move(text);
  return cell;
}

[[nodiscard]] inline Cell number_cell(std::string text, double value) {
  Cell cell;
  cell.text = std::move(text);
  cell.value = value;
  return cell;
}

[[nodiscard]] inline Cell spread_cell(const Spread& spread, std::string text) {
  Cell cell;
  cell.text = std::move(text);
  cell.value = spread.mean;
  cell.deviation = spread.deviation;
  cell.n = spread.n;
  return cell;
}

[[nodiscard]] inline Cell score_cell(const Spread& spread) {
  return spread_cell(spread, with_deviation(spread, 2));
}
[[nodiscard]] inline Cell count_cell(const Spread& spread) { return spread_cell(spread, grouped(spread.mean)); }
[[nodiscard]] inline Cell decimal_cell(const Spread& spread, int digits) {
  return spread_cell(spread, fixed(spread.mean, digits));
}

}  // namespace regard::report
