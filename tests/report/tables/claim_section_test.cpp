#include "framework/report/tables/claim_section.h"

#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/report/report.h"
#include "framework/runs/results_json.h"
#include "tests/report/fixture.h"
#include "tests/report/schema.h"
#include "tests/support/catch.h"

namespace regard::report {

TEST_CASE("claim section: a plan without a claim has none") {
  CHECK(claim_section(Results{}).empty());
  CHECK(claim_markdown(Results{}).empty());
}

TEST_CASE("claim section: page and markdown and results.json have the verdicts") {
  const test::TempFolder folder;
  fixture::Options options;
  options.systems = {"vanilla", "dot"};
  options.seeds = {1, 2, 3, 4};
  options.sentences = 40;
  options.claimed_first = 3;
  fixture::write_run_folder(folder.path(), options);
  const runs::RunFolder paths{folder.path()};
  const runs::Decisions decisions = runs::Decider(paths)(runs::decision_plan(runs::plan_facts(folder.path())));
  write_file(paths.decisions(), to_json(decisions));
  write_file(paths.claim_history(), to_json(runs::Registration{.time = "2026-01-01T00:00:00Z",
                                                               .event = "registered",
                                                               .claim = "x",
                                                               .claim_hash = std::string(64, 'a'),
                                                               .plan_hash = "",
                                                               .changes = {},
                                                               .decoded = {},
                                                               .previous = "",
                                                               .hash = ""}));
  (void)make_report(folder.path(), {"no-such-gnuplot"});
  const std::string page = read_file(paths.report() / "index.html");
  const std::string text = read_file(paths.report() / "report.md");
  for (const std::string& each : {page, text}) {
    CHECK(each.find("The claim") != std::string::npos);
    CHECK(each.find("dot is better than vanilla by ") != std::string::npos);
    CHECK(each.find("the claim was registered") != std::string::npos);
    CHECK(each.find("Rounds of seeds") != std::string::npos);
  }
  const auto results = nlohmann::json::parse(read_file(paths.report() / "results.json"));
  CHECK(results["claim"]["state"] == "decided");
  CHECK(results["claim"]["verdicts"]["dot"].get<std::string>().starts_with("dot is better than vanilla by "));
  CHECK(results.dump().find("2026-01-01T00:00:00Z") == std::string::npos);  // results.json has no times
  CHECK(test::against_schema(results, REGARD_SCHEMAS "/results.schema.json", "results").empty());
}

}  // namespace regard::report
