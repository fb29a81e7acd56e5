#pragma once
// Writes a table in five output formats. A cell has plain text; each format escapes it.
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::report {

struct Cell {
  std::string text;
  double value = std::numeric_limits<double>::quiet_NaN();      // for sorting and for the CSV; NaN: sort by text
  double deviation = std::numeric_limits<double>::quiet_NaN();  // a separate column in the CSV
  Index n = -1;                                                 // number of runs in the mean; -1: not a mean
  bool best = false;                                            // shown bold
};

struct Column {
  std::string title;
  std::string unit;  // "" if there is none
  bool number = true;
};

struct Table {
  std::string id;  // letters and dashes
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;  // as many cells as columns; the first is the name of the row
  std::vector<std::string> notes;
};

[[nodiscard]] std::string to_html(const Table& table, bool sortable);
[[nodiscard]] std::string to_markdown(const Table& table);
[[nodiscard]] std::string to_latex(const Table& table);  // needs booktabs and latex_head()
[[nodiscard]] std::string to_csv(const Table& table);
[[nodiscard]] std::string to_terminal(const Table& table);

// Returns the text that must come before the first table of to_latex. It scales a table that is wider than the line.
[[nodiscard]] std::string_view latex_head();

// Returns text for a terminal: control characters, which could move its cursor, become question marks.
[[nodiscard]] std::string plain_line(std::string text);

}  // namespace regard::report
