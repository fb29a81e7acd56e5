// Tests `regard report`: a report made again from its folder, and the comparison of two folders.
#include <chrono>
#include <nlohmann/json.hpp>

#include "tests/cli/plan_sandbox.h"

namespace regard::test {

TEST_CASE("regard report: the report is made again without a training and has the same bytes", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1, 2]"));
  CHECK(lab.run().code == 0);
  std::map<std::string, std::string> before;
  for (const char* name : {"index.html", "report.md", "table.tex", "results.csv", "results.json"})
    before[name] = read_file(lab / "report" / name);
  fs::remove_all(lab / "report");
  fs::remove_all(lab / "vanilla/seed-1/checkpoints");
  const auto start = std::chrono::steady_clock::now();
  const Ended end = regard(lab.path(), {"report", "runs/tiny"});
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(end.out.ends_with("report: runs/tiny/report/index.html\n"));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
  for (const auto& [name, bytes] : before) {
    INFO(name);
    CHECK(read_file(lab / "report" / name) == bytes);
  }
}

TEST_CASE("regard report --compare: it prints the effect of another beam and one more seed", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1, 2]"));
  CHECK(lab.run().code == 0);
  fs::copy(lab / "", lab.path() / "runs" / "beam2", fs::copy_options::recursive);
  CHECK(lab.run({"--set", "decoding.beam=1", "--set", "seeds=[1, 2, 3]"}).code == 0);
  const auto compare = [&](std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"report", "--compare", "runs/beam2", "runs/tiny"});
    return regard(lab.path(), more);
  };
  const Ended end = compare();
  INFO(end.out << end.err);
  CHECK(end.code == 0);
  CHECK(has(end.out, "Seeds only in tiny: 3.\n"));
  CHECK(has(end.out, "\ndecoding.beam   2        1\n"));
  CHECK(has(end.out, "On test, "));
  CHECK(compare({"--format", "markdown"}).out.starts_with("# From beam2 to tiny\n"));
  CHECK(compare({"--format", "html"}).out.starts_with("<!DOCTYPE html>"));
  const auto json = nlohmann::json::parse(compare({"--format", "json"}).out);
  CHECK(json["compared"].size() == 4);
  CHECK(json["compared"][0]["seeds"] == nlohmann::json{1, 2});
  CHECK(json["plan"] == nlohmann::json{{{"what", "decoding.beam"}, {"before", "2"}, {"after", "1"}}});

  const Ended joint = regard(
      lab.path(), {"report", "runs/beam2", "runs/tiny", "--together", "--out", "joint", "--baseline", "nobody"});
  INFO(joint.err);
  CHECK(joint.code == 2);
  CHECK(has(joint.err, "--baseline: no system is named 'nobody'. The plan has: beam2: vanilla, "));
  const Ended made = regard(lab.path(), {"report", "runs/beam2", "runs/tiny", "--together", "--out", "joint"});
  CHECK(made.code == 0);
  CHECK(made.out == "report: joint/index.html\n");
  CHECK(has(read_file(lab.path() / "joint" / "report.md"), "beam2: general"));
  CHECK(regard(lab.path(), {"report", "runs/tiny", "--baseline", "general"})
            .out.ends_with("report: runs/tiny/report/baseline-general/index.html\n"));
}

TEST_CASE("regard report --compare: wrong arguments are refused", "[cli]") {
  const PlanSandbox lab;
  const auto error = [&](const std::vector<std::string>& words) {
    const Ended end = regard(lab.path(), words);
    CHECK(end.code == 2);
    return end.err.substr(0, end.err.find(';'));
  };
  CHECK(has(error({"report", "--compare", "a"}),
            "--compare takes two folders, the old and the new, and nothing else but --format"));
  CHECK(has(error({"report", "--compare", "a", "b", "--format", "pdf"}),
            "--format is text, markdown, html or json, got \"pdf\""));
  CHECK(has(error({"report", "a", "--format", "html"}), "--format belongs to --compare"));
  CHECK(has(error({"report", "--compare", "a", "b", "--baseline", "dot"}), "--compare takes two folders"));
}

TEST_CASE("regard report --together: wrong arguments are refused", "[cli]") {
  const PlanSandbox lab;
  const auto error = [&](const std::vector<std::string>& words) {
    const Ended end = regard(lab.path(), words);
    CHECK(end.code == 2);
    return end.err;
  };
  CHECK(has(error({"report", "a", "b", "--together"}), "--together and --out FOLDER belong together"));
  CHECK(has(error({"report", "a", "b", "--out", "c"}), "--together and --out FOLDER belong together"));
  CHECK(has(error({"report", "a", "--together", "--out", "c"}),
            "--together takes two or more run folders, and neither --add nor --remove"));
  CHECK(has(error({"report", "a", "b", "--together", "--out", "c", "--add", "x=y"}), "one folder at a time"));
}

}  // namespace regard::test
