// Checks results.json against framework/report/formats/results.schema.json.
#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "framework/report/report.h"
#include "tests/report/fixture.h"
#include "tests/report/schema.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

using Json = nlohmann::json;

std::string checked(const fixture::Options& options, void (*change)(Json&) = nullptr) {
  const test::TempFolder folder;
  fixture::write_run_folder(folder.path(), options);
  (void)make_report(folder.path(), {"no-such-gnuplot"});
  Json results = Json::parse(read_file(folder.path() / "report" / "results.json"));
  if (change != nullptr) change(results);
  return test::against_schema(results, REGARD_SCHEMAS "/results.schema.json", "results");
}

fixture::Options small() {
  fixture::Options options;
  options.systems = {"vanilla", "dot"};
  options.seeds = {1, 2};
  options.sentences = 12;
  return options;
}

}  // namespace

TEST_CASE("results schema: the results of a report are valid with several seeds and with one") {
  CHECK(checked(small()).empty());
  fixture::Options one = small();
  one.seeds = {1};
  CHECK(checked(one).empty());
  one.metrics = "[chrf2, ter]";
  CHECK(checked(one).empty());
}

TEST_CASE("results schema: an unknown key is found") {
  CHECK(checked(small(), [](Json& results) { results["systems"][1]["minutes"] = 3; }) ==
        "results.systems[1].minutes: is not in the schema");
  CHECK(checked(small(), [](Json& results) { results["comparisons"][0].erase("verdict"); }) ==
        "results.comparisons[0]: lacks verdict");
}

}  // namespace regard::report
