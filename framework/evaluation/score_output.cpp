#include "framework/evaluation/score_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "framework/base/errors.h"
#include "framework/base/utf8.h"

namespace regard::evaluation {
namespace {

using Json = nlohmann::ordered_json;

std::string fixed(double value, int width) { return fmt::format("{:.{}f}", value, width); }

// Returns the value rounded to the printed digits.
double rounded(double value, int width) {
  const std::string text = fixed(value, width);
  double out = 0.0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), out);
  check(parsed.ec == std::errc(), "score_output: a printed number can be read");
  return out;
}

std::size_t columns_of(const std::string& text) { return static_cast<std::size_t>(utf8::length(text)); }

std::string confidence_text(const Confidence& confidence, int width) {
  return fmt::format("μ = {} ± {}", fixed(confidence.mean, width), fixed(confidence.half_width, width));
}

bool shown(const std::optional<Confidence>& confidence) { return confidence && confidence->mean > 0.0; }

std::string number_text(const ScoreLine& line, int width) {
  std::string out = fixed(line.score, width);
  if (shown(line.confidence)) out += fmt::format(" ({})", confidence_text(*line.confidence, width));
  return out;
}

std::string signature_text(const Signature& signature, const OutputStyle& style) {
  return style.short_signature ? signature.short_text() : signature.text();
}

Json json_of(const ScoreLine& line, int width) {
  Json out;
  out["name"] = line.name;
  out["score"] = rounded(line.score, width);
  out["signature"] = line.signature.text();
  if (shown(line.confidence)) {
    out["confidence_mean"] = rounded(line.confidence->mean, width);
    out["confidence_var"] = rounded(line.confidence->half_width, width);
    out["confidence"] = confidence_text(*line.confidence, width);
  }
  if (!line.verbose.empty()) out["verbose_score"] = line.verbose;
  for (const Signature::Entry& entry : line.signature.entries()) out[entry.key] = entry.value;
  return out;
}

// ---- tables

bool with_confidence(const ScoreTable::Column& column) {
  return std::any_of(column.results.begin(), column.results.end(),
                     [](const PairedResult& result) { return result.confidence.has_value(); });
}

std::string p_text(double p) { return fmt::format("(p = {:.4f}){}", p, p > 0.05 ? "" : "*"); }

// Returns the lines of one cell.
std::vector<std::string> cell(const PairedResult& result, int width) {
  std::vector<std::string> lines = {fixed(result.score, width)};
  if (result.confidence) {
    lines[0] += fmt::format(" ({} ± {})", fixed(result.confidence->mean, width),
                            fixed(result.confidence->half_width, width));
  }
  if (result.p_value) lines.push_back(p_text(*result.p_value));
  return lines;
}

using Cell = std::vector<std::string>;
using Row = std::vector<Cell>;

std::vector<Row> rows_of(const ScoreTable& table, int width) {
  std::vector<Row> rows(1, Row{Cell{"System"}});
  for (const ScoreTable::Column& column : table.columns) {
    rows[0].push_back({column.name + (with_confidence(column) ? " (μ ± 95% CI)" : "")});
  }
  for (std::size_t s = 0; s < table.systems.size(); ++s) {
    Row row = {Cell{table.systems[s]}};
    for (const ScoreTable::Column& column : table.columns) row.push_back(cell(column.results[s], width));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::size_t spaces = width - columns_of(text);
  const std::size_t before = right ? spaces : spaces / 2;
  return std::string(before, ' ') + text + std::string(spaces - before, ' ');
}

std::string rule(const std::vector<std::size_t>& widths, const char* left, const char* line, const char* cross,
                 const char* right) {
  std::string out = left;
  for (std::size_t c = 0; c < widths.size(); ++c) {
    for (std::size_t i = 0; i < widths[c] + 2; ++i) out += line;
    out += c + 1 < widths.size() ? cross : right;
  }
  return out + "\n";
}

std::string grid(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows[0].size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < widths.size(); ++c) {
      for (const std::string& line : rows[r][c])
        widths[c] = std::max(widths[c], columns_of(line) + (r == 0 ? 2 : 0));
    }
  }
  std::string out = rule(widths, "╒", "═", "╤", "╕");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::size_t height = 0;
    for (const Cell& each : rows[r]) height = std::max(height, each.size());
    for (std::size_t line = 0; line < height; ++line) {
      for (std::size_t c = 0; c < widths.size(); ++c) {
        out += "│ " + padded(line < rows[r][c].size() ? rows[r][c][line] : "", widths[c], c == 0) + " ";
      }
      out += "│\n";
    }
    if (r + 1 == rows.size()) {
      out += rule(widths, "╘", "═", "╧", "╛");
    } else {
      out += r == 0 ? rule(widths, "╞", "═", "╪", "╡") : rule(widths, "├", "─", "┼", "┤");
    }
  }
  return out;
}

std::string latex_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}':
        (out += '\\') += c;
        break;
      case '\\':
        out += "\\textbackslash{}";
        break;
      case '~':
        out += "\\textasciitilde{}";
        break;
      case '^':
        out += "\\textasciicircum{}";
        break;
      case '<':
        out += "\\textless{}";
        break;
      case '>':
        out += "\\textgreater{}";
        break;
      case '`':
        out += "\\textasciigrave{}";
        break;
      case '\'':
        out += "\\textquotesingle{}";
        break;
      case '"':
        out += "\\textquotedbl{}";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string latex_number(std::string text) {
  const auto replace = [&text](std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
      text.replace(at, what.size(), with);
    }
  };
  replace("%", "\\%");
  replace("μ", "$\\mu$");
  replace("±", "$\\pm$");
  replace("*", "$^*$");
  return text;
}

}  // namespace

std::string score_text(const ScoreLine& line, const OutputStyle& style) {
  std::string number = number_text(line, style.width);
  if (style.score_only) return number;
  std::string out = fmt::format("{}|{} = {}", line.name, signature_text(line.signature, style), number);
  if (!line.verbose.empty()) out += ' ' + line.verbose;
  return out;
}

std::string scores_text(const std::vector<ScoreLine>& lines, const OutputStyle& style) {
  std::vector<std::string> texts;
  std::size_t longest = 0;
  for (const ScoreLine& line : lines) {
    texts.push_back(score_text(line, style));
    const std::size_t equals = texts.back().find(" = ");
    if (equals != std::string::npos) longest = std::max(longest, columns_of(texts.back().substr(0, equals)));
  }
  std::string out;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find(" = ");
    if (equals != std::string::npos) out += std::string(longest - columns_of(text.substr(0, equals)), ' ');
    out += text + '\n';
  }
  return out;
}

std::string scores_json(const std::vector<ScoreLine>& lines, const OutputStyle& style) {
  const auto text_of = [&style](const ScoreLine& line) {
    return style.score_only ? fixed(line.score, style.width) : json_of(line, style.width).dump(1);
  };
  if (lines.size() == 1) return text_of(lines[0]) + "\n";
  std::string out = "[\n";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out += text_of(lines[i]) + (i + 1 < lines.size() ? ",\n" : "\n");
  }
  return out + "]\n";
}

std::string table_text(const ScoreTable& table, const OutputStyle& style) {
  std::string out = grid(rows_of(table, style.width)) + "\n";
  for (const ScoreTable::Column& column : table.columns) {
    out += fmt::format(" - {:<10} {}\n", column.name, signature_text(column.signature, style));
  }
  return out;
}

std::string table_json(const ScoreTable& table) {
  Json out = Json::array();
  for (std::size_t s = 0; s < table.systems.size(); ++s) {
    Json system;
    system["system"] = utf8::escaped(table.systems[s]);  // the name of a file, which may be any bytes
    for (const ScoreTable::Column& column : table.columns) {
      const PairedResult& result = column.results[s];
      Json value;
      value["score"] = result.score;
      value["p_value"] = result.p_value ? Json(*result.p_value) : Json();
      value["mean"] = result.confidence ? Json(result.confidence->mean) : Json();
      value["ci"] = result.confidence ? Json(result.confidence->half_width) : Json();
      value["signature"] = column.signature.text();
      system[column.name] = std::move(value);
    }
    out.push_back(std::move(system));
  }
  return out.dump(4, ' ', true) + "\n";
}

std::string table_latex(const ScoreTable& table, const OutputStyle& style) {
  std::string out = fmt::format("\\begin{{tabular}}{{r{}}}\n\\toprule\n", std::string(table.columns.size(), 'c'));
  const std::vector<Row> rows = rows_of(table, style.width);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      const std::string text = fmt::format("{}", fmt::join(rows[r][c], " "));
      out += (c == 0 ? " " : " & ") + (c == 0 ? latex_escaped(text) : latex_number(text));
    }
    out += r == 0 ? " \\\\\n\\midrule\n" : " \\\\\n";
  }
  out += "\\bottomrule\n\\end{tabular}\n";
  for (const ScoreTable::Column& column : table.columns) {
    out += fmt::format("% {}: {}\n", column.name, column.signature.text());
  }
  return out;
}

}  // namespace regard::evaluation
