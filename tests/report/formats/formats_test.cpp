// table.tex is compiled where a TeX is installed; everywhere it is held to the subset of LaTeX that it uses, in which
// what compiles can be told without one.
#include "framework/report/formats/formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "framework/base/files.h"
#include "framework/report/analysis/reservations.h"
#include "framework/report/analysis/samples.h"
#include "framework/report/escape.h"
#include "framework/report/report.h"
#include "framework/report/tables/tables.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"
#include "tests/support/shell.h"
#include "tests/support/skip.h"

namespace regard::report {
namespace {

using regard::Path;

// Returns the first error that LaTeX would find, or "".
std::string wrong(std::string tex) {
  static const std::set<std::string> kCommands{"begin",
                                               "end",
                                               "centering",
                                               "caption",
                                               "label",
                                               "toprule",
                                               "midrule",
                                               "bottomrule",
                                               "textbf",
                                               "par",
                                               "smallskip",
                                               "footnotesize",
                                               "textbackslash",
                                               "textasciicircum",
                                               "textasciitilde",
                                               "textless",
                                               "textgreater",
                                               "textbar",
                                               "textquotedbl",
                                               "textasciigrave",
                                               "regardfit",
                                               "shortstack",
                                               "pm",
                                               "times",
                                               "ldots"};
  if (tex.starts_with(latex_head())) tex.erase(0, latex_head().size());
  int depth = 0;
  Index columns = 0, cells = 0;
  bool math = false;
  std::vector<std::string> open;
  for (std::size_t i = 0; i < tex.size(); ++i) {
    const char c = tex[i];
    if (c == '%') {
      i = std::min(tex.find('\n', i), tex.size());
    } else if (c == '{') {
      ++depth;
    } else if (c == '}') {
      if (--depth < 0) return fmt::format("a }} too many at {}", tex.substr(i > 20 ? i - 20 : 0, 40));
    } else if (c == '$') {
      math = !math;
    } else if (c == '&') {
      ++cells;
    } else if (c == '#' || c == '_' || c == '^' || c == '~') {
      return fmt::format("a bare {} at {}", c, tex.substr(i > 20 ? i - 20 : 0, 40));
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\n') {
      return "a control character";
    } else if (c == '\\') {
      std::size_t end = i + 1;
      while (end < tex.size() && std::isalpha(static_cast<unsigned char>(tex[end])) != 0) ++end;
      const std::string name = tex.substr(i + 1, end - i - 1);
      if (name.empty()) {
        const char escaped = tex[++i];
        if (escaped == '\\') {
          if (depth > 1) continue;  // a line of a title
          if (cells + 1 != columns) return fmt::format("a row of {} cells in {} columns", cells + 1, columns);
          cells = 0;
        } else if (std::string_view("{}$&#_%,").find(escaped) == std::string_view::npos) {
          return fmt::format("\\{}", escaped);
        }
        continue;
      }
      if (kCommands.count(name) == 0) return "\\" + name;
      i = end - 1;
      if (name == "label") i = tex.find('}', end);  // a key, not text: it may have '_'
      if (name != "begin" && name != "end") continue;
      const std::size_t close = tex.find('}', end);
      const std::string environment = tex.substr(end + 1, close - end - 1);
      if (name == "begin") open.push_back(environment);
      if (name == "end") {
        if (open.empty() || open.back() != environment) return "\\end{" + environment + "} without its \\begin";
        open.pop_back();
      }
      i = close;
      if (environment == "tabular" && name == "begin") {
        const std::size_t last = tex.find('}', close + 2);
        columns = static_cast<Index>(last - close - 2);
        cells = 0;
        i = last;
      }
    }
  }
  if (depth != 0 || math || !open.empty()) return "something is left open";
  return "";
}

std::string table_of(const fixture::Options& options) {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), options);
  (void)make_report(folder.path(), {"no-such-gnuplot"});
  return read_file(folder.path() / "report" / "table.tex");
}

fixture::Options hostile() {
  fixture::Options options;
  options.systems = {"a_b #1 50% $x$", "\\input{x} ~^{}", "\"quotes\" `id` <&>|[]"};
  options.seeds = {1, 2};
  options.sentences = 12;
  options.plan_name = "x\\end{table}";
  options.corpus = "corpus";
  return options;
}

fixture::Options small() {
  fixture::Options options;
  options.systems = {"vanilla", "general"};
  options.seeds = {1, 2};
  options.sentences = 12;
  options.attention_sentences = 4;
  return options;
}

}  // namespace

TEST_CASE("formats: markdown goes from the verdict over figures and scores to how it is made again") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const Results results = runs::load_results(folder.path());
  const Analysis analysis = analyse(results);
  Drawings drawings;
  for (const char* id : {"drawn", "skipped"}) {
    Drawing& drawing = drawings.figures.emplace_back();
    drawing.figure.id = id;
    drawing.figure.caption = "BLEU *by* length";
  }
  drawings.figures[0].svg = "<svg/>";
  const std::string text = markdown_report(analysis, drawings);
  std::vector<std::string> headings;
  for (std::size_t at = text.find("\n## "); at != std::string::npos; at = text.find("\n## ", at + 1))
    headings.push_back(text.substr(at + 4, text.find('\n', at + 1) - at - 4));
  CHECK(text.starts_with("# quickstart\n\n"));
  CHECK(headings == std::vector<std::string>{"Result", "Figures", "Scores by sentence length and difficulty",
                                             "Attention", "Does it use its attention?", "Cost",
                                             "Translations side by side", "Provenance"});
  CHECK(text.find("\n* " + markdown(in_words(analysis.comparisons[0])) + "\n") != std::string::npos);
  CHECK(text.find("![BLEU \\*by\\* length](figures/drawn.svg)\n") != std::string::npos);
  CHECK(text.find("skipped") == std::string::npos);
  for (const Index sentence : evenly_spread(12, 2)) {
    const std::string& source = results.tests[0].source[static_cast<std::size_t>(sentence)];
    CHECK(text.find(fmt::format("| test | sentence {} |\n| --- | --- |\n| source | {} |\n", sentence + 1,
                                markdown_cell(source))) != std::string::npos);
  }
  CHECK(text.ends_with("\n    regard run plan.resolved.yaml\n"));

  drawings.figures.clear();
  drawings.missing = "No *figures* were drawn.";
  CHECK(markdown_report(analysis, drawings).find("## Figures\n\nNo \\*figures\\* were drawn.\n\n## ") !=
        std::string::npos);
}

TEST_CASE("formats: without attention neither markdown nor LaTeX has a table of it") {
  fixture::Options options = small();
  options.systems = {"vanilla"};
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), options);
  const Results results = runs::load_results(folder.path());
  const Analysis analysis = analyse(results);
  CHECK(markdown_report(analysis, {}).find("## Attention") == std::string::npos);
  const std::string tex = latex_tables(analysis);
  CHECK(tex.starts_with(latex_head()));
  for (const Table& table : {alignment_table(analysis), attention_table(analysis)}) {
    CHECK(table.rows.empty());
    CHECK(tex.find(to_latex(table)) == std::string::npos);
  }
}

TEST_CASE("formats: CSV is the main table") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const Results results = runs::load_results(folder.path());
  const Analysis analysis = analyse(results);
  const std::string csv = csv_results(analysis);
  CHECK(csv == to_csv(main_table(analysis)));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
  CHECK(csv.find("\nvanilla,") != std::string::npos);
}

TEST_CASE("formats: JSON names the plan and has an entry a system and comparison") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const Results results = runs::load_results(folder.path());
  const Analysis analysis = analyse(results);
  const auto json = nlohmann::json::parse(json_results(analysis));
  CHECK(json["systems"].size() == 2);
  CHECK(json["systems"][1]["name"] == "general");
  CHECK(json["comparisons"].size() == analysis.comparisons.size());
  CHECK(json_results(analysis).back() == '\n');
}

TEST_CASE("latex: tables are in the compiling subset for any names of systems") {
  CHECK(wrong(table_of(hostile())) == "");
  fixture::Options plain;
  plain.sentences = 12;
  CHECK(wrong(table_of(plain)) == "");
}

TEST_CASE("latex: the check finds text that would not compile") {
  const std::string good = "\\begin{table}\\begin{tabular}{lr}a & b \\\\\n\\end{tabular}\\end{table}";
  CHECK(wrong(good).empty());
  CHECK(wrong("\\begin{tabular}{lr}a \\\\\n\\end{tabular}") == "a row of 1 cells in 2 columns");
  CHECK(wrong("\\begin{table}") == "something is left open");
  CHECK(wrong("\\end{table}") == "\\end{table} without its \\begin");
  CHECK(wrong("a_b") == "a bare _ at a_b");
  CHECK(wrong("\\input{x}") == "\\input");
  CHECK(wrong("{a}}") == "a } too many at {a}}");
  CHECK(wrong("$x") == "something is left open");
}

TEST_CASE("latex: pdflatex compiles the tables if it is installed and none is wider than the line") {
  if (test::shell("command -v pdflatex").code != 0)
    REGARD_SKIP("pdflatex is not installed; the subset is checked by the test before");
  fixture::Options many;  // more systems make a table longer; a table that is too wide is scaled
  many.sentences = 12;
  many.seeds = {1, 2};
  many.systems = {"none", "location", "dot", "scaled_dot", "general", "concat_identity", "multi_head", "coverage"};
  for (const fixture::Options& options : {hostile(), many}) {
    const test::TempFolder folder;
    write_file(folder.path() / "table.tex", table_of(options));
    write_file(folder.path() / "page.tex",
               "\\documentclass{article}\\usepackage{booktabs}\\usepackage{graphicx}\\usepackage[T1]{fontenc}"
               "\\begin{document}\\input{table.tex}\\end{document}\n");
    const test::Said log = test::shell(fmt::format(
        "cd '{}' && pdflatex -interaction=nonstopmode -halt-on-error page.tex", folder.path().string()));
    CHECK(log.code == 0);
    CHECK(log.text.find("Overfull") == std::string::npos);
  }
}

}  // namespace regard::report
