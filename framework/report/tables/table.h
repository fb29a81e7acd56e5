#pragma once
// One table, five output formats. A cell has plain text; each format escapes it.
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::report {

struct Cell {
  std::string text;
  double value = std::numeric_limits<double>::quiet_NaN();  // the sort key and the CSV's number; NaN: sort by text
  double deviation = std::numeric_limits<double>::quiet_NaN();  // a column of its own in the CSV
  Index n = -1;                                                 // runs behind it; -1: not a mean
  bool best = false;                                            // shown bold
};

struct Column {
  std::string title;
  std::string unit;  // "" if there is none
  bool number = true;
};

struct Table {
  std::string id;  // of ours: letters and dashes
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // as many cells as columns; the first names the row
  std::vector<std::string> notes;
};

[[nodiscard]] std::string to_html(const Table& table, bool sortable);
[[nodiscard]] std::string to_markdown(const Table& table);
[[nodiscard]] std::string to_latex(const Table& table);  // booktabs; what it needs stands in latex_head()
[[nodiscard]] std::string to_csv(const Table& table);
[[nodiscard]] std::string to_terminal(const Table& table);

// Returns the text before the first table of to_latex: a table wider than the line is scaled to fit, others are
// unchanged.
[[nodiscard]] std::string_view latex_head();

// Returns text for a terminal: control characters, which could move its cursor, become question marks.
[[nodiscard]] std::string plain_line(std::string text);

}  // namespace regard::report
