// Tests plans whose seeds are added until their claim is decided, with the real program.
#include <fmt/format.h>
#include <signal.h>

#include "tests/cli/plan_sandbox.h"

namespace regard::test {
namespace {

// Two systems that hardly learn anything: their scores are alike, and a few seeds decide.
std::string claiming(const std::string& claim = "effect: 30", const std::string& seeds = "first: 3, most: 6",
                     const std::string& systems = kBoth) {
  return plan_with(
      systems, "epochs: 1",
      fmt::format("seeds: {{{}, until: decided}}\nreport: {{claim: {{test: test, metric: chrf2, {}}}}}\n", seeds,
                  claim));
}

const std::string kThree =
    "{vanilla: {model.attention: none}, general: {model.attention: general}, dot: {model.attention: dot}}";

}  // namespace

TEST_CASE("claim: seeds are added until it is decided and the folder says what was decided", "[cli]") {
  const PlanSandbox lab(claiming());
  const Ended dry = lab.run({"--dry-run"});
  INFO(dry.out << dry.err);
  CHECK(has(
      dry.out,
      "seeds are added until report.claim is decided: no round is finished; the first has 3 seeds. The figures "
      "above are for the runs of the next round; no system gets more than 6 seeds, which would be 12 runs in "
      "all\n"));
  const Ended end = lab.run();
  INFO(end.err);
  REQUIRE(end.code == 0);
  CHECK(has(end.err, "6 runs to do, 0 done before"));
  CHECK(has(end.err, "claim: after 3 seeds: general "));
  const auto decisions = json_of(lab / "decisions.json");
  const std::string state = decisions["state"];
  CHECK((state == "decided" || state == "most" || state == "hopeless"));
  const auto seeds = decisions["seeds"]["general"].get<int>();
  CHECK(decisions["seeds"]["vanilla"] == seeds);
  for (int seed = 1; seed <= 6; ++seed) {
    CHECK(fs::exists(lab / fmt::format("general/seed-{}/scores.json", seed)) == (seed <= seeds));
  }
  // The claim is registered before the first translation.
  const auto lines = read_log(lab / "claim.jsonl");
  REQUIRE(lines.size() == 1);
  const auto line = nlohmann::json::parse(lines[0]);
  CHECK(line["event"] == "registered");
  CHECK(line["decoded"] == nlohmann::json::object());
  CHECK(line["time"] <= json_of(lab / "vanilla/seed-1/manifest.json")["started"]);
  const std::string page = read_file(lab / "report/index.html");
  CHECK(has(page, "The claim"));
  CHECK(has(page, "the claim was registered"));
  CHECK(json_of(lab / "report/results.json")["claim"]["state"] == state);
  CHECK(has(regard(lab.path(), {"status", "runs/tiny"}).out, "\nclaim on test: "));
  const Ended verified = regard(lab.path(), {"verify", "runs/tiny"});
  INFO(verified.out);
  CHECK(verified.code == 0);
  CHECK(has(lab.run().err, "0 runs to do"));
  CHECK(read_log(lab / "claim.jsonl").size() == 1);
}

TEST_CASE("claim: a plan killed and resumed in another order decides the same", "[cli]") {
  const std::string plan = claiming("effect: 18", "first: 3, most: 6", kThree);
  const PlanSandbox whole(plan);
  REQUIRE(whole.run({"--jobs", "1"}).code == 0);
  const PlanSandbox lab(plan);
  {
    Program running(lab.path(), PlanSandbox::words({"--jobs", "3"}));
    REQUIRE(wait_until(running, [&] { return fs::exists(lab / "general/seed-2/status.json"); }));
    running.signal_group(SIGKILL);
    CHECK(running.wait().signal == SIGKILL);
  }
  {
    Program running(lab.path(), PlanSandbox::words({"--jobs", "2"}));
    if (wait_until(running, [&] { return fs::exists(lab / "dot/seed-4/run.yaml"); }))
      running.signal_group(SIGKILL);
    (void)running.wait();
  }
  const Ended end = lab.run({"--jobs", "2"});
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(read_file(lab / "decisions.json") == read_file(whole / "decisions.json"));
  CHECK(lab.digest() == whole.digest());
  CHECK(read_log(lab / "claim.jsonl").size() == 1);
}

TEST_CASE("claim: each change of the plan is added to its history and verify names a line that was changed",
          "[cli]") {
  const PlanSandbox lab(claiming("effect: 30", "first: 3, most: 3"));
  REQUIRE(lab.run().code == 0);
  lab.change(claiming("effect: 25", "first: 3, most: 3"));
  const Ended second = lab.run();
  INFO(second.err);
  CHECK(second.code == 0);
  const auto lines = read_log(lab / "claim.jsonl");
  REQUIRE(lines.size() == 2);
  const auto line = nlohmann::json::parse(lines[1]);
  CHECK(line["event"] == "changed");
  CHECK(line["changes"] == nlohmann::json{"report.claim.effect: 30.0, now 25.0"});
  CHECK(line["decoded"] == nlohmann::json{{"test", 6}, {"test_long", 6}});
  CHECK(has(read_file(lab / "report/index.html"), "report.claim.effect: 30.0, now 25.0"));
  CHECK(json_of(lab / "decisions.json")["effect"] == 25.0);
  CHECK(regard(lab.path(), {"verify", "runs/tiny"}).code == 0);
  std::string text = read_file(lab / "claim.jsonl");
  text.replace(text.find("now 25.0"), 8, "now 35.0");
  write_file(lab / "claim.jsonl", text);
  const Ended verified = regard(lab.path(), {"verify", "runs/tiny"});
  CHECK(verified.code == 1);
  CHECK(has(verified.out, "runs/tiny/claim.jsonl:2: was changed: it does not have its own hash\n"));
  // A decision that the translations do not give is named too.
  std::string decisions = read_file(lab / "decisions.json");
  decisions.replace(decisions.find("\"sentences\": 8"), 14, "\"sentences\": 9");
  write_file(lab / "decisions.json", decisions);
  CHECK(has(regard(lab.path(), {"verify", "runs/tiny"}).out,
            "runs/tiny/decisions.json: is not what the translations give: "));
}

TEST_CASE("claim: a test set that the corpus does not have is an error before anything is written", "[cli]") {
  const PlanSandbox lab(plan_with(kBoth, "epochs: 1", "seeds: 1-3\nreport: {claim: {test: tests}}\n"));
  const Ended end = lab.run();
  CHECK(end.code == 2);
  CHECK(has(
      end.err,
      "report.claim.test: no test set is named 'tests'; did you mean 'test'? The data has: test, test_long\n"));
  CHECK_FALSE(fs::exists(lab.path() / "runs"));
}

}  // namespace regard::test
