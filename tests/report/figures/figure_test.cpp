#include "framework/report/figures/figure.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "framework/base/files.h"
#include "framework/report/figures/gnuplot.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

Figure hostile() {
  Figure figure{"f", "", "x", "y", false, false, false, {}};
  figure.series = {{"</svg><script>`touch oops` $(touch oops) {/Bold b} \"q\" \\n # a_b",
                    0,
                    false,
                    {{1, 2, std::nan(""), std::nan("")}, {2, 3, 2.5, 3.5}}}};
  return figure;
}

}  // namespace

TEST_CASE("figure: names are in the data file and nowhere in the script") {
  const Figure figure = hostile();
  CHECK(gnuplot_data(figure) ==
        "\"x\"\t\"</svg><script>`touch oops` $(touch oops) {/Bold b} ″q″ \\\\n # "
        "a_b\"\t\"low\"\t\"high\"\n1\t2\tNaN\tNaN\n2\t3\t2.5\t3.5\n");
  CHECK(gnuplot_script(figure).find("oops") == std::string::npos);
}

TEST_CASE("figure: gnuplot draws a hostile name as text and runs no command") {
  const test::TempFolder folder;
  write_file(folder.path() / "f.dat", gnuplot_data(hostile()));
  write_file(folder.path() / "f.gp", gnuplot_script(hostile()));
  REQUIRE(run_gnuplot("gnuplot", folder.path(), "f.gp") == std::nullopt);
  const std::string svg = read_file(folder.path() / "f.svg");
  CHECK(svg.find("<script") == std::string::npos);
  CHECK(svg.find("&lt;/svg>&lt;script>`touch oops` $(touch oops) {/Bold b} ″q″ \\n # a_b") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "oops"));
  CHECK(read_file(folder.path() / "f.pdf").starts_with("%PDF"));
}

TEST_CASE("figure: many systems have different styles and a key at the side") {
  Figure figure{"f", "", "x", "y", false, false, false, {}};
  for (std::size_t s = 0; s < 21; ++s)
    figure.series.push_back({fmt::format("s{}", s), s, false, {{1, 2, std::nan(""), std::nan("")}}});
  const std::string script = gnuplot_script(figure);
  std::set<std::string> looks;
  for (std::size_t at = 0; (at = script.find(" dashtype ", at)) != std::string::npos; ++at)
    looks.insert(script.substr(at, script.find(" title", at) - at));
  CHECK(looks.size() == 21);
  CHECK(script.find("outside right center vertical") != std::string::npos);
  CHECK(script.find("rmargin") == std::string::npos);  // a right margin would push the key into the plot
  CHECK(script.find("svg size 960,480") != std::string::npos);
  figure.series.resize(4);
  figure.series[1].points = {{0, 1, std::nan(""), std::nan("")}, {10, 1, std::nan(""), std::nan("")}};
  CHECK(gnuplot_script(figure).find("set xrange [-0.3:10.3]\n") != std::string::npos);
  CHECK(gnuplot_script(figure).find("svg size 640,400") != std::string::npos);
  CHECK(gnuplot_script(figure).find("set yrange [0:*<100]\n") != std::string::npos);  // no BLEU of 120
}

TEST_CASE("figure: ten systems have different colours and marks") {
  Figure figure{"f", "", "x", "y", false, false, false, {}};
  for (std::size_t s = 0; s < 10; ++s)
    figure.series.push_back({fmt::format("s{}", s), s, false, {{1, 2, std::nan(""), std::nan("")}}});
  const std::string script = gnuplot_script(figure);
  std::set<std::string> colours;
  std::set<std::string> marks;
  for (std::size_t at = 0; (at = script.find(" pointtype ", at)) != std::string::npos; ++at) {
    marks.insert(script.substr(at, script.find(" pointsize", at) - at));
    const std::size_t colour = script.find(" linecolor ", at);
    colours.insert(script.substr(colour, script.find(" title", colour) - colour));
  }
  CHECK(colours.size() == 10);
  CHECK(marks.size() == 10);
}

TEST_CASE("figure: seeds with validations after different updates have a mean") {
  const test::TempFolder folder;
  fixture::Options options;
  options.sentences = 10;
  fixture::write_run_folder(folder.path(), options);
  Results results = runs::load_results(folder.path());
  for (auto& entry : results.runs[1].history) entry.update += 3;  // vanilla, seed 2 of 3
  const Analysis analysis = analyse(results);
  const std::vector<Figure> all = figures(analysis);
  for (const Series& series : all[0].series) {
    if (series.name != "vanilla") continue;
    REQUIRE(series.points.size() == 12);
    CHECK(series.points[0].x == Approx(102 + 1));
  }
}

TEST_CASE("figure: the label of an axis fits beside it") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), fixture::Options());
  const std::vector<Figure> all = figures(analyse(runs::load_results(folder.path())));
  REQUIRE(all.size() == 12);
  for (const Figure& figure : all) {
    INFO(figure.id);
    CHECK(figure.x_label.size() <= 60);  // about the width of the plot in characters
    CHECK(figure.y_label.size() <= 30);
  }
}

TEST_CASE("figure: each loss of attention and each watched number has a curve of its own") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), fixture::Options());
  Results results = runs::load_results(folder.path());
  for (runs::Run& run : results.runs) {
    if (run.system != "dot") continue;
    for (HistoryEntry& entry : run.history) {
      entry.losses["guided_alignment"] = 0.5;
      entry.watched["gate"] = -2;
    }
  }
  const std::vector<Figure> all = figures(analyse(results));
  REQUIRE(all.size() == 14);
  CHECK(all[2].id == "learning-loss-guided_alignment");
  CHECK(all[2].y_label == "guided_alignment (nats a token)");
  CHECK(all[3].id == "learning-watched-gate");
  CHECK(all[3].y_label == "gate");
  CHECK(gnuplot_script(all[3]).find("yrange") == std::string::npos);
  for (const Series& series : all[3].series) {
    CHECK(series.points.size() == 12);
    CHECK(series.points[0].y == -2);
    if (!series.thin) CHECK(series.name == "dot");
  }
}

TEST_CASE("figure: a mean ends at the last update that every seed has reached") {
  test::TempFolder folder;
  fixture::Options options;
  options.sentences = 8;
  fixture::write_run_folder(folder.path(), options);
  Results results = runs::load_results(folder.path());
  results.runs[1].history.resize(5);  // vanilla, seed 2
  const Analysis analysis = analyse(results);
  const std::vector<Figure> all = figures(analysis);
  REQUIRE(all.size() == 12);
  CHECK(all[0].id == "learning-bleu");
  CHECK(all[3].id == "length-chrf-test");
  for (const Series& series : all[0].series) {
    if (series.name == "vanilla") CHECK(series.points.size() == 5);
    if (series.name == "dot") CHECK(series.points.size() == 12);
  }
}

}  // namespace regard::report
