#include "framework/runs/registration.h"

#include "framework/base/files.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::runs {
namespace {

const std::string kPlan =
    "name: a\n"
    "systems:\n  vanilla: {}\n  dot: {}\n"
    "seeds: {first: 3, most: 20, until: decided}\n"
    "training:\n  epochs: 3\n"
    "report:\n  baseline: vanilla\n  claim: {metric: bleu, test: test, effect: 0.5}\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

// Registers plans as `regard run` does.
class Lab final {
 public:
  void run(const std::string& plan, const std::string& time) const {
    const config::Node node = config::parse_yaml(plan, "p.yaml");
    register_plan(folder(), node, time);
    write_file(folder().resolved_plan(), config::to_yaml(node));
  }
  void decode(const std::string& system, Index seed, const std::string& finished) const {
    Manifest manifest;
    manifest.finished = finished;
    manifest.decoded["test"] = 1;
    make_folder(folder().run(system, seed).folder);
    write_file(folder().run(system, seed).manifest(), to_json(manifest));
  }
  [[nodiscard]] RunFolder folder() const { return {place_.path()}; }
  [[nodiscard]] std::vector<std::string> lines() const { return read_log(folder().claim_history()); }
  void write(const std::vector<std::string>& lines) const {
    write_file(folder().claim_history(), joined_lines(lines));
  }
  // The sentences without the folder.
  [[nodiscard]] std::vector<std::string> check() const {
    std::vector<std::string> all = check_registrations(folder());
    for (std::string& each : all) each.erase(0, place_.path().string().size() + 1);
    return all;
  }

 private:
  test::TempFolder place_;
};

using Sentences = std::vector<std::string>;

}  // namespace

TEST_CASE("registration: a plan without a claim has no history") {
  const Lab lab;
  lab.run(replaced(kPlan, "  claim: {metric: bleu, test: test, effect: 0.5}\n", ""), "2026-01-01T00:00:00Z");
  CHECK(lab.lines().empty());
  CHECK(lab.check().empty());
}

TEST_CASE("registration: the claim and each change of the plan are lines that follow each other") {
  const Lab lab;
  lab.run(kPlan, "2026-01-01T00:00:00Z");
  lab.run(kPlan, "2026-01-02T00:00:00Z");  // the same plan: nothing to add
  lab.decode("vanilla", 1, "2026-01-02T12:00:00Z");
  lab.decode("dot", 1, "2026-01-02T13:00:00Z");
  lab.run(replaced(kPlan, "effect: 0.5", "effect: 0.2"), "2026-01-03T00:00:00Z");
  lab.run(replaced(replaced(kPlan, "  claim: {metric: bleu, test: test, effect: 0.5}\n", ""), "epochs: 3",
                   "epochs: 4"),
          "2026-01-04T00:00:00Z");
  const auto lines = registrations(lab.folder());
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].event == "registered");
  CHECK(lines[0].time == "2026-01-01T00:00:00Z");
  CHECK(
      lines[0].claim ==
      "claim: {metric: bleu, test: test, effect: 0.5}; baseline: vanilla; systems: vanilla, dot; seeds: {first: 3, "
      "most: 20, until: decided}");
  CHECK(lines[0].claim_hash.size() == 64);
  CHECK(lines[0].decoded.empty());
  CHECK(lines[0].previous.empty());
  CHECK(lines[1].event == "changed");
  CHECK(lines[1].changes == Sentences{"report.claim.effect: 0.5, now 0.2"});
  CHECK(lines[1].decoded == std::map<std::string, Index>{{"test", 2}});
  CHECK(lines[1].previous == lines[0].hash);
  CHECK(lines[2].event == "withdrawn");
  CHECK(lines[2].changes == Sentences{"training.epochs: 3, now 4", "report.claim.effect: 0.2, now left out",
                                      "report.claim.metric: bleu, now left out",
                                      "report.claim.test: test, now left out"});
  CHECK(lines[2].claim.empty());
  CHECK(lab.check().empty());
}

TEST_CASE("registration: a changed or missing or moved line is named") {
  const Lab lab;
  lab.run(kPlan, "2026-01-01T00:00:00Z");
  lab.run(replaced(kPlan, "effect: 0.5", "effect: 0.2"), "2026-01-02T00:00:00Z");
  lab.run(replaced(kPlan, "effect: 0.5", "effect: 0.1"), "2026-01-03T00:00:00Z");
  const Sentences lines = lab.lines();
  REQUIRE(lines.size() == 3);
  const std::string follow =
      ": does not follow the line before it: a line is missing, changed or in another order";

  lab.write({replaced(lines[0], "2026-01-01", "2025-01-01"), lines[1], lines[2]});
  CHECK(lab.check() == Sentences{"claim.jsonl:1: was changed: it does not have its own hash"});
  lab.write({lines[0], lines[2]});
  CHECK(lab.check() == Sentences{"claim.jsonl:2" + follow});
  lab.write({lines[1], lines[2]});
  CHECK(lab.check() == Sentences{"claim.jsonl:1: is not the first line: the lines before it are missing"});
  lab.write({lines[0], lines[2], lines[1]});
  CHECK(lab.check() ==
        Sentences{
            "claim.jsonl:2" + follow, "claim.jsonl:3" + follow,
            "claim.jsonl:3: is not about plan.resolved.yaml as it is now: the last line is missing, or the plan "
            "was changed by hand"});
  lab.write({lines[0], lines[1]});
  CHECK(lab.check() == Sentences{"claim.jsonl:2: is not about plan.resolved.yaml as it is now: the last line is "
                                 "missing, or the plan was changed by hand"});
  std::filesystem::remove(lab.folder().claim_history());
  CHECK(lab.check() == Sentences{"claim.jsonl: is missing, but the plan makes a claim"});
  lab.write(lines);
  CHECK(lab.check().empty());
}

TEST_CASE("registration: a run that had decoded before the claim must be counted by it") {
  const Lab lab;
  lab.run(kPlan, "2026-01-05T00:00:00Z");
  lab.decode("dot", 1, "2026-01-04T00:00:00Z");
  CHECK(lab.check() ==
        Sentences{"claim.jsonl:1: says that 0 runs had decoded test at 2026-01-05T00:00:00Z, but 1 had"});
  lab.decode("dot", 1, "2026-01-06T00:00:00Z");
  CHECK(lab.check().empty());
}

TEST_CASE("registration: the time is in ISO 8601") {
  const std::string now = time_now();
  CHECK(now.size() == 20);
  CHECK(now[10] == 'T');
  CHECK(now.back() == 'Z');
}

}  // namespace regard::runs
