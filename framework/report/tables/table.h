#pragma once
// One table, five prints. A cell holds plain text; each print escapes it for its own format.
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/base.h"

namespace regard::report {

struct Cell {
  std::string text;
  double value =
      std::numeric_limits<double>::quiet_NaN();  // sorts the column, and the CSV's number; NaN: by its text
  double deviation = std::numeric_limits<double>::quiet_NaN();  // a column of its own in the CSV
  Index n = -1;                                                 // runs behind it; -1: not a mean
  bool best = false;                                            // shown bold
};

struct Column {
  std::string title;
  std::string unit;  // "" where none
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

// Stands before the first of to_latex's tables: a table wider than the line is scaled to fit, others are left
// alone.
[[nodiscard]] std::string_view latex_head();

// Text for a terminal: control characters, which could move its cursor, become question marks.
[[nodiscard]] std::string plain_line(std::string text);

}  // namespace regard::report
