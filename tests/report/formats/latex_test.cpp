// table.tex: compiled if TeX is installed. It is always checked against the subset of LaTeX that it uses, which
// shows without TeX whether it would compile.
#include <fmt/format.h>

#include <set>

#include "framework/base/files.h"
#include "framework/report/report.h"
#include "framework/report/tables/table.h"
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
  const fixture::TemporaryFolder folder;
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

}  // namespace

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
    const fixture::TemporaryFolder folder;
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
