#include "framework/report/formats/recheck.h"

#include <nlohmann/json.hpp>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/report/report.h"
#include "tests/report/fixture.h"
#include "tests/support/catch.h"

namespace regard::report {
namespace {

using Json = nlohmann::json;

// A run folder of two systems with its report.
class Reported final {
 public:
  Reported() {
    fixture::Options options;
    options.systems = {"vanilla", "general"};
    options.seeds = {1, 2};
    options.sentences = 12;
    fixture::write_run_folder(folder_.path(), options);
    static_cast<void>(make_report(folder_.path(), {"no-such-gnuplot"}));
  }
  [[nodiscard]] Recheck checked() const { return recheck(folder_.path()); }
  [[nodiscard]] Path file() const { return folder_.path() / "report" / "results.json"; }
  [[nodiscard]] Json json() const { return Json::parse(read_file(file())); }
  [[nodiscard]] std::vector<std::string> after(const Json& changed) const {
    write_file(file(), changed.dump());
    std::vector<std::string> said = checked().disagreements;
    for (std::string& sentence : said) {
      REQUIRE(sentence.starts_with(file().string() + ": "));
      sentence.erase(0, file().string().size() + 2);
    }
    return said;
  }
  [[nodiscard]] const Path& folder() const { return folder_.path(); }

 private:
  test::TempFolder folder_;
};

using Sentences = std::vector<std::string>;

}  // namespace

TEST_CASE("recheck: a report agrees with the runs that it was made of") {
  const Reported report;
  const Recheck result = report.checked();
  CHECK(result.exists);
  CHECK(result.numbers > 50);
  CHECK(result.disagreements.empty());
}

TEST_CASE("recheck: each value that the runs do not give is a sentence with its place") {
  const Reported report;
  const Json good = report.json();
  Json changed = good;
  REQUIRE(good["comparisons"][0]["sentences"] == 12);
  changed["comparisons"][0]["sentences"] = 13;
  CHECK(report.after(changed) == Sentences{"/comparisons/0/sentences: is 13, but the runs give 12"});
  changed = good;
  changed["note"] = "mine";
  CHECK(report.after(changed) == Sentences{"/note: is \"mine\", but the runs give nothing"});
  changed = good;
  changed["systems"][0].erase("name");
  CHECK(report.after(changed) == Sentences{"/systems/0/name: is missing, but the runs give \"vanilla\""});
  changed = good;
  changed["systems"][0]["name"] = std::string(80, 'x');
  CHECK(report.after(changed) ==
        Sentences{"/systems/0/name: is \"" + std::string(59, 'x') + "..., but the runs give \"vanilla\""});
}

TEST_CASE("recheck: of many differences ten are shown and the others counted") {
  const Reported report;
  Json changed = report.json();
  for (int i = 0; i < 13; ++i) changed["mine" + std::to_string(i)] = i;
  const Sentences said = report.after(changed);
  REQUIRE(said.size() == 11);
  CHECK(said.back() == "and 3 more values differ from the runs");
}

TEST_CASE("recheck: a folder without a report has none and one that is damaged is refused") {
  const Reported report;
  write_file(report.file(), "{");
  CHECK_THROWS_WITH(report.checked(), report.file().string() + ": is damaged: it is not JSON");
  std::filesystem::remove(report.file());
  CHECK_FALSE(report.checked().exists);
  CHECK(report.checked().numbers == 0);
}

}  // namespace regard::report
