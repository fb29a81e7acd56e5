#include "framework/report/tables/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/base/unicode.h"
#include "framework/report/escape.h"

namespace regard::report {
namespace {

std::string title_of(const Column& column) {
  return column.unit.empty() ? column.title : fmt::format("{} ({})", column.title, column.unit);
}

std::string round_trip(double value) { return std::isfinite(value) ? fmt::format("{}", value) : std::string(); }

bool has_deviation(const Table& table, std::size_t column) {
  return std::any_of(table.rows.begin(), table.rows.end(),
                     [&](const std::vector<Cell>& row) { return row[column].n >= 0; });
}

std::size_t width(std::string_view text) { return static_cast<std::size_t>(unicode::columns(text)); }

std::string padded(const std::string& text, std::size_t columns, bool right) {
  const std::string spaces(columns - std::min(columns, width(text)), ' ');
  return right ? spaces + text : text + spaces;
}

void separate(std::string& out, std::size_t column, const char* separator) {
  if (column > 0) out += separator;
}

// Breaks the title of a column into lines that are not wider than its cells; a word is not broken.
std::vector<std::string> title_lines(const Table& table, std::size_t column) {
  std::size_t widest = 0;
  for (const std::vector<Cell>& row : table.rows) widest = std::max(widest, width(row[column].text));
  std::vector<std::string> lines;
  const std::string title = title_of(table.columns[column]);
  for (std::size_t begin = 0; begin < title.size();) {
    const std::size_t end = std::min(title.find(' ', begin), title.size());
    const std::string word = title.substr(begin, end - begin);
    const bool apart = word != "%";  // "95 %" stays on one line
    if (lines.empty() || (apart && width(lines.back()) + 1 + width(word) > widest)) {
      lines.push_back(word);
    } else {
      lines.back() += " " + word;
    }
    begin = end + 1;
  }
  return lines;
}

std::string latex_title(const Table& table, std::size_t column) {
  const std::vector<std::string> lines = title_lines(table, column);
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "\\\\") + latex(line);
  if (lines.size() < 2) return out;
  return fmt::format("\\shortstack[{}]{{{}}}", table.columns[column].number ? 'r' : 'l', out);
}

}  // namespace

std::string to_html(const Table& table, bool sortable) {
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{0}-caption\">\n"
      "<table id=\"{0}\"{1}>\n<caption id=\"{0}-caption\">{2}</caption>\n<thead><tr>",
      table.id, sortable ? " class=\"sortable\"" : "", html(table.caption));
  for (const Column& column : table.columns) {
    const std::string unit =
        column.unit.empty() ? "" : fmt::format(" <span class=\"unit\">{}</span>", html(column.unit));
    out += fmt::format("<th scope=\"col\"{}>{}{}</th>", column.number ? " class=\"n\"" : "", html(column.title),
                       unit);
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const std::vector<Cell>& row : table.rows) {
    out += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) {
      const Cell& cell = row[c];
      const std::string text = cell.best ? fmt::format("<b>{}</b>", html(cell.text)) : html(cell.text);
      const std::string sort = std::isfinite(cell.value) ? fmt::format(" data-v=\"{}\"", cell.value) : "";
      if (c == 0) {
        out += fmt::format("<th scope=\"row\" dir=\"auto\"{}>{}</th>", sort, text);
      } else {
        out +=
            fmt::format("<td{}{}>{}</td>", table.columns[c].number ? " class=\"n\"" : " dir=\"auto\"", sort, text);
      }
    }
    out += "</tr>\n";
  }
  out += "</tbody>\n</table>\n</div>\n";
  for (const std::string& note : table.notes) out += fmt::format("<p class=\"note\">{}</p>\n", html(note));
  return out;
}

std::string to_markdown(const Table& table) {
  std::string out = fmt::format("**{}**\n\n|", markdown(table.caption));
  for (const Column& column : table.columns) out += fmt::format(" {} |", markdown_cell(title_of(column)));
  out += "\n|";
  for (const Column& column : table.columns) out += column.number ? " ---: |" : " --- |";
  out += "\n";
  for (const std::vector<Cell>& row : table.rows) {
    out += "|";
    for (const Cell& cell : row) {
      out += cell.best ? fmt::format(" **{}** |", markdown_cell(cell.text))
                       : fmt::format(" {} |", markdown_cell(cell.text));
    }
    out += "\n";
  }
  for (const std::string& note : table.notes) out += fmt::format("\n{}\n", markdown(note));
  return out;
}

std::string to_latex(const Table& table) {
  std::string align;
  for (const Column& column : table.columns) align += column.number ? 'r' : 'l';
  std::string out = fmt::format(
      "\\begin{{table}}\n\\centering\n\\caption{{{}}}\n\\label{{tab:{}}}\n"
      "\\regardfit{{\\begin{{tabular}}{{{}}}\n\\toprule\n",
      latex(table.caption), table.id, align);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    separate(out, c, " & ");
    out += latex_title(table, c);
  }
  out += " \\\\\n\\midrule\n";
  for (const std::vector<Cell>& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string text = latex(row[c].text);
      separate(out, c, " & ");
      out += row[c].best ? fmt::format("\\textbf{{{}}}", text) : text;
    }
    out += " \\\\\n";
  }
  out += "\\bottomrule\n\\end{tabular}}\n";
  for (const std::string& note : table.notes)
    out += fmt::format("\\par\\smallskip\\footnotesize {}\n", latex(note));
  return out + "\\end{table}\n";
}

std::string_view latex_head() {
  return "% \\usepackage{booktabs}, \\usepackage{graphicx}, \\usepackage[T1]{fontenc}; names in other scripts "
         "than "
         "Latin: xelatex or lualatex\n"
         "\\providecommand{\\regardfit}[1]{\\sbox0{#1}\\ifdim\\wd0>\\linewidth"
         "\\resizebox{\\linewidth}{!}{\\usebox0}\\else\\usebox0\\fi}\n";
}

std::string to_csv(const Table& table) {
  std::string out;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string title = title_of(table.columns[c]);
    separate(out, c, ",");
    out += csv_field(title);
    if (has_deviation(table, c)) out += fmt::format(",{},{}", csv_field(title + " sd"), csv_field(title + " n"));
  }
  out += "\r\n";
  for (const std::vector<Cell>& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const Cell& cell = row[c];
      const bool number = table.columns[c].number && c > 0;
      separate(out, c, ",");
      out += number ? round_trip(cell.value) : csv_field(cell.text);
      if (has_deviation(table, c))
        out += fmt::format(",{},{}", round_trip(cell.deviation), std::max<Index>(0, cell.n));
    }
    out += "\r\n";
  }
  return out;
}

std::string plain_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

std::string to_terminal(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    widths.push_back(width(title_of(table.columns[c])));
    for (const std::vector<Cell>& row : table.rows)
      widths[c] = std::max(widths[c], width(plain_line(row[c].text)));
  }
  const auto line = [&](const auto& text_of) {
    std::string out;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      separate(out, c, "   ");
      out += padded(text_of(c), widths[c], table.columns[c].number);
    }
    return out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
  };
  std::string out = line([&](std::size_t c) { return title_of(table.columns[c]); });
  std::size_t total = 3 * (widths.size() - 1);
  for (const std::size_t w : widths) total += w;
  for (std::size_t i = 0; i < total; ++i) out += "─";
  out += "\n";
  for (const std::vector<Cell>& row : table.rows) {
    out += line([&](std::size_t c) { return plain_line(row[c].text); });
  }
  for (const std::string& note : table.notes) out += plain_line(note) + "\n";
  return out;
}

}  // namespace regard::report
