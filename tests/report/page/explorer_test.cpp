#include "framework/report/page/explorer.h"

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/report/analysis/samples.h"
#include "framework/runs/results_json.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

using Json = nlohmann::json;

fixture::Options small() {
  fixture::Options options;
  options.systems = {"vanilla", "general"};
  options.seeds = {1, 2};
  options.sentences = 12;
  options.attention_sentences = 3;
  return options;
}

struct Explored {
  Results results;
  Analysis analysis;
  std::string html;

  explicit Explored(const Path& folder)
      : results(runs::load_results(folder)),
        analysis(analyse(results, Claims::skip)),
        html(explorer_html(analysis)) {}
  [[nodiscard]] Json data() const {
    const std::string begin = "<script type=\"application/json\" id=\"explorer-data\">";
    const std::size_t at = html.find(begin);
    REQUIRE(at != std::string::npos);
    return Json::parse(html.substr(at + begin.size(), html.find("</script>", at) - at - begin.size()));
  }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("explorer: its data has every sentence of every test set with each system's translation and score") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const Explored explored(folder.path());
  const Json data = explored.data();
  CHECK(data["systems"] == Json{"vanilla", "general"});
  CHECK(data["attends"] == Json{false, true});
  CHECK(data["baseline"] == 0);
  CHECK(data["page"] == 10);
  REQUIRE(data["tests"].size() == 2);
  CHECK(data["tests"][0]["name"] == "test");  // the primary one first
  CHECK(data["tests"][1]["name"] == "test_long");
  const TestSet& test = explored.results.tests[0];
  const Json& rows = data["tests"][0]["rows"];
  REQUIRE(rows.size() == 12);
  const auto& hypotheses = *explored.analysis.systems[1].finished.front()->lines("test");
  for (std::size_t i = 0; i < 12; ++i) {
    CHECK(rows[i][0] == i);
    CHECK(rows[i][1] == test.source[i]);
    CHECK(rows[i][2] == test.target[i]);
    CHECK(rows[i][3][1] == hypotheses[i]);
    const double score = rows[i][4][1];
    CHECK(score >= 0);
    CHECK(score <= 100);
    if (hypotheses[i] == test.target[i]) CHECK(score == 100);
    CHECK(std::abs(score * 10 - std::round(score * 10)) < 1e-9);
  }
}

TEST_CASE("explorer: weights are in thousandths and null where a system keeps none") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const Explored explored(folder.path());
  const Json maps = explored.data()["tests"][0]["attention"];
  CHECK(maps.size() == 3);
  const auto& example = explored.analysis.systems[1].finished.front()->attention.at("test").front();
  const Json& pair = maps[std::to_string(example.index)];
  CHECK(pair[0].is_null());
  CHECK(pair[1]["s"] == example.source);
  CHECK(pair[1]["t"] == example.target);
  REQUIRE(pair[1]["w"].size() == example.source.size() * example.target.size());
  CHECK(pair[1]["w"][1] == std::lround(example.weights.at(0, 1) * 1000));
}

TEST_CASE("explorer: the first page is in the HTML for readers without JavaScript") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const Explored explored(folder.path());
  const std::string list = explored.html.substr(explored.html.find("<div id=\"explorer-list\">"));
  const std::string shown = list.substr(0, list.find("<div id=\"explorer-pages\""));
  for (Index i = 0; i < 12; ++i)
    CHECK(has(shown, sample_html(explored.analysis, explored.results.tests[0], i)) == (i < 10));
  CHECK(has(explored.html, "sentence BLEU (tokeniser 13a). Marked: "));
  CHECK(has(explored.html, "<noscript>"));
}

TEST_CASE("explorer: text that looks like the end of a script stays data") {
  fixture::Options options = small();
  options.hostile = "</script><b>";
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), options);
  const Explored explored(folder.path());
  CHECK(has(explored.data()["tests"][0]["rows"][0][3][1].get<std::string>(), "</script><b>"));
  CHECK(explored.html.find("</script>") == explored.html.rfind("</script>"));
}

TEST_CASE("explorer: a system that has not finished is left out and without any there is a sentence") {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), small());
  const auto forget = [&](const char* system) {
    for (const Index seed : {1, 2})
      std::filesystem::remove_all(runs::RunFolder{folder.path()}.run(system, seed).folder);
  };
  forget("vanilla");
  const Json data = Explored(folder.path()).data();
  CHECK(data["systems"] == Json{"general"});
  CHECK_FALSE(data.contains("baseline"));
  forget("general");
  CHECK(Explored(folder.path()).html == "<p>No run has finished, so there are no translations.</p>\n");
}

TEST_CASE("explorer: a plan without a test set has nothing to read") {
  Results results;
  results.plan.systems = {{"a", {}, false}};
  results.plan.seeds = {1};
  CHECK(explorer_html(analyse(results, Claims::skip)) ==
        "<p>The plan has no test set, so there are no translations.</p>\n");
}

}  // namespace regard::report
