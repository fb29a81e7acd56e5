// Tests the commands on a run folder, `regard status`, `verify` and `clean`, with the real program.
#include <fmt/format.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "framework/base/base.h"
#include "framework/base/sha256.h"
#include "tests/cli/plan_sandbox.h"

namespace regard::test {

TEST_CASE("regard status: it shows the state of finished and failed runs", "[cli]") {
  const PlanSandbox lab(
      tiny_plan("{good: {}, wild: {training.learning_rate: 1.0e+38, training.clip_norm: 0}}", "[1]"));
  CHECK(lab.run({"--jobs", "auto"}).code == 1);
  const Ended end = regard(lab.path(), {"status", "runs/tiny"});
  INFO(end.out);
  CHECK(end.code == 0);
  CHECK(has(end.out, "good seed 1 ████████████████ done, BLEU "));
  CHECK(has(end.out, "wild seed 1 FAILED: step "));
  CHECK(has(end.out, "tiny: 1 of 2 runs done, 1 failed"));
  CHECK(
      regard(lab.path(), {"status", "nowhere"}).err ==
      "error: nowhere: is not a run folder: it has no plan.resolved.yaml; give the folder that `regard run` wrote\n");
}

TEST_CASE("regard run: it warns of a run that was still improving and the verdict says so", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1]"));
  const Ended run = lab.run();
  INFO(run.err);
  CHECK(run.code == 0);
  CHECK(has(run.err, "warning: general seed 1: still improving at its end: its last validation has loss "));
  const std::string status = regard(lab.path(), {"status", "runs/tiny"}).out;
  INFO(status);
  CHECK(has(status, "\nvanilla seed 1: still improving at its end: its last validation has loss "));
  CHECK(has(read_file(lab / "report/report.md"),
            "; both were still improving at their ends: more epochs may change the difference.\n"));
  CHECK(has(read_file(lab / "report/index.html"), "; both were still improving at their ends"));
  const auto results = json_of(lab / "report/results.json");
  CHECK(results["systems"][0]["runs"][0]["facts"][0]["fact"] == "still_improving");
  CHECK(results["comparisons"][0]["reservations"].back() ==
        "both were still improving at their ends: more epochs may change the difference");
  CHECK(has(read_file(lab / "general/seed-1/log.txt"), "still improving at its end"));
  // It follows from the other files: another text is found, and the digest does not count it.
  const std::string digest = lab.digest();
  const std::string facts = read_file(lab / "general/seed-1/facts.json");
  write_file(lab / "general/seed-1/facts.json", "{\"facts\": []}\n");
  CHECK(lab.digest() == digest);
  const Ended verify = regard(lab.path(), {"verify", "runs/tiny"});
  INFO(verify.out);
  CHECK(verify.code != 0);
  CHECK(
      has(verify.out + verify.err,
          "runs/tiny/general/seed-1/facts.json: does not follow from the files of the run; `regard run` writes it "
          "when a run ends"));
  fs::remove(lab / "general/seed-1/facts.json");  // an older folder
  CHECK(regard(lab.path(), {"verify", "runs/tiny"}).code == 0);
}

TEST_CASE("regard run: a terminal shows one line for each run and regard status shows the same", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1]", "1000"));
  Program running(lab.path(), {"-c", "script -qec \"$REGARD run p.yaml\" typescript"}, true, "/bin/sh");
  Ended status;
  CHECK(wait_until(running, [&] {
    if (!fs::exists(lab / "vanilla/seed-1/history.jsonl")) return false;
    status = regard(lab.path(), {"status", "runs/tiny"});
    return has(status.out, "tok/s") && !has(status.out, " 0 tok/s");  // validations do not replace it
  }));
  INFO(status.out);
  CHECK(has(status.out, "/1000  loss "));
  CHECK(has(status.out, "in use by process "));
  CHECK(running.wait().code == 0);
  const std::string said = read_file(lab.path() / "typescript");
  CHECK(has(said, "vanilla seed 1 █"));
  CHECK(has(said, " tok/s"));
  CHECK(has(said, "tiny: 2 of 2 runs done"));
  CHECK(has(said, "\x1b[J"));
  CHECK_FALSE(has(said, "valid perplexity"));  // these lines are only for files
}

TEST_CASE("regard verify: changed files are named and all others agree", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1]"));
  CHECK(lab.run().code == 0);
  const auto verify = [&] { return regard(lab.path(), {"verify", "runs/tiny"}); };
  const Ended good = verify();
  CHECK(good.code == 0);
  CHECK(has(good.out, " numbers of the report computed again: all agree\n"));
  const auto changed = [&](const std::string& name, const std::string& from, const std::string& to) {
    INFO(name);
    const std::string text = read_file(lab / name);
    std::string other = text;
    REQUIRE(has(text, from));
    other.replace(other.find(from), from.size(), to);
    write_file(lab / name, other);
    const Ended end = verify();
    CHECK(end.code == 1);
    write_file(lab / name, text);
    CHECK(verify().code == 0);
    return end.out;
  };
  const std::string run = "runs/tiny/vanilla/seed-1/";
  CHECK(has(changed("vanilla/seed-1/hypotheses/test.txt", "\n", " x\n"),
            run + "hypotheses/test.txt: does not have the hash in manifest.json\n"));
  const std::string score =
      "\"score\": " + json_of(lab / "vanilla/seed-1/scores.json")["tests"]["test"]["bleu"]["13a"]["score"].dump();
  CHECK(has(changed("vanilla/seed-1/scores.json", score, "\"score\": 99.5"),
            run + "scores.json: has BLEU 99.5 for test.txt"));
  CHECK(has(changed("vanilla/seed-1/scores.json", "\"hyp_len\": ", "\"hyp_len\": 1"),
            "scores.json: has other precisions, lengths or signature for test.txt with tokeniser 13a than the "
            "translations have\n"));
  CHECK(has(changed("vanilla/seed-1/scores.json", "\"sentences\": 8", "\"sentences\": 9"),
            "scores.json: has 9 sentences for test, but the test set has 8\n"));
  CHECK(has(changed("vanilla/seed-1/history.jsonl", "\"best\":true", "\"best\":false"),
            run + "history.jsonl: does not have the hash in manifest.json\n"));
  CHECK(has(changed("vanilla/seed-1/status.json", "\"best_update\": 10", "\"best_update\": 5"),
            run + "status.json: has update 5 as the best, but history.jsonl has 10\n"));
  CHECK(has(changed("data/source.vocab", "\n", "x\n"),
            "runs/tiny/data/source.vocab: does not have the hash in data.json\n"));
  // The report's numbers are computed again from the runs.
  const auto results = json_of(lab / "report/results.json");
  REQUIRE(results["comparisons"][0]["sentences"] == 8);
  auto other = results;
  other["comparisons"][0]["sentences"] = 9;
  other["systems"][0]["tests"]["test"].erase("loss");
  other["note"] = "mine";
  const std::string report = read_file(lab / "report/results.json");
  write_file(lab / "report/results.json", other.dump(2));
  const Ended said = verify();
  INFO(said.out);
  CHECK(said.code == 1);
  CHECK(has(said.out, "runs/tiny/report/results.json: /comparisons/0/sentences: is 9, but the runs give 8\n"));
  CHECK(
      has(said.out, "runs/tiny/report/results.json: /systems/0/tests/test/loss: is missing, but the runs give {"));
  CHECK(has(said.out, "runs/tiny/report/results.json: /note: is \"mine\", but the runs give nothing\n"));
  CHECK(has(said.out,
            " computed again: 3 disagree\n`regard report runs/tiny` "
            "makes the report again from the files of the runs\n"));
  write_file(lab / "report/results.json", "{");
  CHECK(has(verify().out, "runs/tiny/report/results.json: is damaged: it is not JSON\n"));
  write_file(lab / "report/results.json", report);
  CHECK(verify().code == 0);
  const std::string checkpoint = read_file(lab / "general/seed-1/checkpoints/best.safetensors");
  write_file(lab / "general/seed-1/checkpoints/best.safetensors", checkpoint.substr(0, checkpoint.size() - 9));
  CHECK(has(verify().out, "best.safetensors: "));
  fs::remove(lab / "general/seed-1/checkpoints/best.safetensors");
  CHECK(has(verify().out, "best.safetensors: is missing, but manifest.json names it\n"));
  fs::remove_all(lab / "general/seed-1/checkpoints");
  const Ended without = verify();
  INFO(without.out << without.err);
  CHECK(without.code == 1);
  CHECK(has(without.out, "last.safetensors: is missing, but manifest.json names it\n"));
  CHECK(has(without.out, " computed again: 2 disagree\n"));
}

TEST_CASE("regard clean: it lists files that the plan does not need and removes them with --yes", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1, 2]"));
  CHECK(lab.run().code == 0);
  lab.change(tiny_plan("{general: {model.attention: general}}", "[1]"));
  CHECK(lab.run().code == 0);
  write_file(lab / "general/seed-1/scores.json.partial", "half");
  write_file(lab / "notes.txt", "mine");
  const Ended list = regard(lab.path(), {"clean", "runs/tiny"});
  CHECK(has(list.out, "runs/tiny/general/seed-2: the plan has no such seed ("));
  CHECK(has(list.out, "runs/tiny/vanilla/seed-1: the plan has no such system ("));
  CHECK(
      has(list.out, "runs/tiny/general/seed-1/scores.json.partial: incomplete, because its writer was killed ("));
  CHECK(has(list.out, " MB in all; nothing is removed without --yes\n"));
  CHECK(fs::exists(lab / "vanilla/seed-1"));
  CHECK(regard(lab.path(), {"clean", "runs/tiny", "--yes"}).code == 0);
  CHECK_FALSE(fs::exists(lab / "vanilla"));
  CHECK(fs::exists(lab / "notes.txt"));
  fs::remove(lab / "notes.txt");
  CHECK(lab.digest() == fresh(tiny_plan("{general: {model.attention: general}}", "[1]")));
  CHECK(regard(lab.path(), {"clean", "runs/tiny"}).out == "runs/tiny: nothing to remove\n");
}

}  // namespace regard::test
