#include "framework/report/tables/table.h"

#include "framework/report/tables/cells.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

Cell cell(std::string text, double value = std::numeric_limits<double>::quiet_NaN(), double deviation = 0,
          Index n = -1) {
  Cell made;
  made.text = std::move(text);
  made.value = value;
  made.deviation = deviation;
  made.n = n;
  return made;
}

Table table() {
  Table made{"t", "A <caption>", {{"system", "", false}, {"time", "min", true}}, {}, {"A note & more."}};
  made.rows.push_back({cell("=a|<b>"), cell("1.50 ± 0.20", 1.5, 0.2, 3)});
  made.rows.push_back({cell("général"), cell("–")});
  made.rows[0][1].best = true;
  return made;
}

}  // namespace

TEST_CASE("table: html escapes its cells and has the keys for sorting") {
  CHECK(to_html(table(), true) ==
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"t-caption\">\n<table id=\"t\" "
        "class=\"sortable\">\n<caption id=\"t-caption\">A &lt;caption&gt;</caption>\n<thead><tr><th "
        "scope=\"col\">system</th><th scope=\"col\" class=\"n\">time <span "
        "class=\"unit\">min</span></th></tr></thead>\n<tbody>\n<tr><th scope=\"row\" "
        "dir=\"auto\">=a|&lt;b&gt;</th><td "
        "class=\"n\" data-v=\"1.5\"><b>1.50 ± 0.20</b></td></tr>\n<tr><th scope=\"row\" "
        "dir=\"auto\">général</th><td "
        "class=\"n\">–</td></tr>\n</tbody>\n</table>\n</div>\n<p class=\"note\">A note &amp; more.</p>\n");
}

TEST_CASE("table: markdown keeps its columns") {
  CHECK(to_markdown(table()) ==
        "**A &lt;caption>**\n\n| system | time (min) |\n| --- | ---: |\n| "
        "=a\\|&lt;b> | **1.50 ± 0.20** |\n| général | – |\n\nA note & more.\n");
}

TEST_CASE("table: a latex title never begins a line with a percent sign") {
  Table narrow{"t", "T", {{"system", "", false}, {"the method: 95 % interval", "", true}}, {}, {}};
  narrow.rows.push_back({cell("a"), cell("1")});
  CHECK(to_latex(narrow).find("\\shortstack[r]{the\\\\method:\\\\95 \\%\\\\interval}") != std::string::npos);
}

TEST_CASE("table: latex uses booktabs") {
  CHECK(to_latex(table()) ==
        "\\begin{table}\n\\centering\n\\caption{A \\textless{}caption\\textgreater{}}\n\\label{tab:t}\n"
        "\\regardfit{\\begin{tabular}{lr}\n\\toprule\nsystem & time (min) "
        "\\\\\n\\midrule\n=a\\textbar{}\\textless{}b\\textgreater{} & "
        "\\textbf{1.50 $\\pm$ 0.20} \\\\\ngénéral & -- "
        "\\\\\n\\bottomrule\n\\end{tabular}}\n\\par\\smallskip\\footnotesize A note "
        "\\& more.\n\\end{table}\n");
}

TEST_CASE("table: csv has the mean and deviation and n as numbers") {
  CHECK(to_csv(table()) ==
        "system,time (min),time (min) sd,time (min) n\r\n'=a|<b>,1.5,0.2,3\r\ngénéral,,0,0\r\n");
}

TEST_CASE("table: csv has n 0 for a mean over nothing") {
  Table made{"t", "", {{"system", "", false}, {"BLEU", "", true}}, {}, {}};
  made.rows.push_back({cell("a"), spread_cell(Spread{}, "–")});
  CHECK(to_csv(made) == "system,BLEU,BLEU sd,BLEU n\r\na,,,0\r\n");
}

TEST_CASE("table: the terminal table is aligned by characters and has no control character") {
  Table made = table();
  made.rows[0][0].text = "a\x1b[31m";
  CHECK(to_terminal(made) ==
        "system     time (min)\n"
        "─────────────────────\n"
        "a?[31m    1.50 ± 0.20\n"
        "général             –\n"
        "A note & more.\n");
}

}  // namespace regard::report
