// Tests grids, tuning, budgets, warm starts, and the commands that report on a plan. Over 350 lines: a command is
// tested in one file, and most of these are cases of `regard run`.
#include <fmt/format.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "framework/base/base.h"
#include "framework/base/sha256.h"
#include "tests/cli/plan_sandbox.h"

namespace regard::test {
namespace {

// Returns tiny_plan with other systems and more keys, and with the given training section.
std::string plan_with(const std::string& systems, const std::string& training, const std::string& rest = "") {
  return "name: tiny\n"
         "data:\n"
         "  corpus: {type: reverse, train: 40, valid: 8, test: 8, test_long: 4, symbols: 9, min_length: 2, "
         "max_length: 5,\n"
         "           long_min_length: 6, long_max_length: 8}\n"
         "model: {embedding: 8, hidden: 8}\n"
         "systems: " +
         systems + "\ntraining: {batch: {sentences: 8}, " + training + "}\ndecoding: {beam: 2}\n" + rest;
}

const std::string kTuned =
    plan_with(kBoth, "epochs: 2", "tune: {grid: {training.learning_rate: [0.000001, 0.01]}, seeds: [7, 8]}\n");

}  // namespace

TEST_CASE("tune: each system's options are chosen on the validation set and no test set is decoded", "[cli]") {
  const PlanSandbox lab(kTuned);
  const Ended end = lab.run();
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(has(end.err, "tuning: 4 candidates with 2 seeds each, on the validation set only\n"));
  CHECK(has(end.err, "tuning: general uses training.learning_rate 0.01: validation loss "));
  CHECK(has(end.err, ", the best of 2\n"));
  const auto tuning = json_of(lab / "tune.json");
  CHECK(tuning["metric"] == "loss");
  CHECK(tuning["seeds"] == nlohmann::json{7, 8});
  CHECK(tuning["systems"][1]["name"] == "general");
  CHECK(tuning["systems"][1]["chosen"] == 1);
  CHECK(tuning["systems"][1]["points"][0]["values"]["training.learning_rate"] == "0.000001");
  CHECK(tuning["systems"][1]["points"][0]["mean"] > tuning["systems"][1]["points"][1]["mean"]);
  // The candidates have not decoded a test set; the runs have decoded each one once.
  CHECK(json_of(lab / "tune/general-l0.01/seed-7/manifest.json")["decoded"] == nlohmann::json::object());
  CHECK_FALSE(fs::exists(lab / "tune/general-l0.01/seed-7/hypotheses"));
  CHECK(json_of(lab / "general/seed-1/manifest.json")["decoded"] == nlohmann::json{{"test", 1}, {"test_long", 1}});
  // The resolved plan has the chosen values, and gives the same runs.
  CHECK(has(read_file(lab / "plan.resolved.yaml"), "training.learning_rate: 0.01"));
  const std::string page = read_file(lab / "report/index.html");
  CHECK(has(
      page,
      "Tuned for general by validation loss, mean over 2 seeds, test sets not decoded: training.learning_rate "));
  CHECK(has(page, ", chosen)"));
  fs::copy_file(lab / "plan.resolved.yaml", lab.path() / "r.yaml");
  CHECK(regard(lab.path(), {"run", "r.yaml", "--out", "runs/again"}).code == 0);
  CHECK(regard(lab.path(), {"digest", "runs/again"}).out == lab.digest());
  // A second start chooses the same from the finished candidates.
  const Ended second = lab.run();
  CHECK(has(second.err, "0 runs to do, 8 done before"));
  CHECK(has(second.err, "0 runs to do, 1 done before") == false);
  CHECK(second.seconds < 1.5);
  CHECK(regard(lab.path(), {"verify", "runs/tiny"}).code == 0);
  CHECK(has(regard(lab.path(), {"status", "runs/tiny"}).out, "candidates of the tuning:\n"));
  // A candidate that the grid no longer has is a leftover; the others are kept.
  CHECK(regard(lab.path(), {"clean", "runs/tiny"}).out == "runs/tiny: nothing to remove\n");
  lab.change(plan_with(kBoth, "epochs: 2", "tune: {grid: {training.learning_rate: [0.01]}, seeds: [7, 8]}\n"));
  CHECK(has(lab.run().err, "0 runs to do, 4 done before"));
  const std::string leftovers = regard(lab.path(), {"clean", "runs/tiny"}).out;
  CHECK(has(leftovers, "runs/tiny/tune/general-l0.000001/seed-7: the plan has no such system ("));
  CHECK_FALSE(has(leftovers, "l0.01/"));
}

TEST_CASE("tune: --dry-run counts what the folder has of candidates and runs", "[cli]") {
  const PlanSandbox lab(kTuned);
  CHECK(lab.run({"--only", "general"}).code == 0);
  const Ended part = lab.run({"--dry-run"});
  INFO(part.out << part.err);
  CHECK(part.code == 0);
  CHECK(has(part.out, "runs/tiny: 4 of 8 runs finished, 0 begun; only the rest is counted\n"));
  CHECK(
      has(part.out,
          "\nthe runs; those of vanilla are counted whole, with what tuning has not chosen yet as the plan writes "
          "it:\nruns/tiny: 1 of 2 runs finished, 0 begun; only the rest is counted\n"));
  CHECK(lab.run().code == 0);
  const Ended all = lab.run({"--dry-run"});
  CHECK(has(all.out,
            "\nthe runs, with what tuning chose:\n"
            "runs/tiny: 2 of 2 runs finished, 0 begun; only the rest is counted\n"));
}

TEST_CASE("tune: a failed candidate is not chosen and it is an error if all failed", "[cli]") {
  const PlanSandbox lab(plan_with("{a: {}}", "epochs: 1, clip_norm: 0",
                                  "tune: {grid: {training.learning_rate: [1.0e+38, 0.01]}}\n"));
  const Ended end = lab.run();
  INFO(end.err);
  CHECK(has(end.err, "tuning: a uses training.learning_rate 0.01: "));
  CHECK(json_of(lab / "tune.json")["systems"][0]["points"][0]["mean"] == "NaN");
  lab.change(
      plan_with("{a: {}}", "epochs: 1, clip_norm: 0", "tune: {grid: {training.learning_rate: [1.0e+38]}}\n"));
  const Ended none = lab.run({"--out", "runs/none"});
  CHECK(none.code == 2);
  CHECK(has(none.err,
            "error: runs/none/tune: no candidate of system 'a' finished with all seeds, so nothing can be chosen "
            "for it; `regard status runs/none/tune` shows why\n"));
}

TEST_CASE("tune: a candidate that was killed is tried again before anything is chosen", "[cli]") {
  const PlanSandbox lab(kTuned);
  Program running(lab.path(), PlanSandbox::words({"--jobs", "1"}));
  // The killed candidate has the good learning rate; without it the other would be chosen.
  REQUIRE(wait_until(running, [&] {
    if (!fs::exists(lab / "tune/general-l0.01/seed-7/run.yaml")) return false;
    const auto children = children_of(running.pid());
    if (!children.empty()) kill(children.front(), SIGKILL);
    return !children.empty();
  }));
  const Ended end = running.wait();
  INFO(end.err);
  CHECK(end.code == 1);
  CHECK(has(end.err,
            "error: runs/tiny/tune: candidate general-l0.01 with seed 7 failed (killed by signal 9 (Killed)), so "
            "nothing is chosen; the same command tries it again\n"));
  CHECK(end.out.empty());
  CHECK_FALSE(fs::exists(lab / "tune.json"));
  CHECK_FALSE(fs::exists(lab / "general"));
  CHECK(lab.run().code == 0);
  CHECK(lab.digest() == fresh(kTuned));
}

TEST_CASE("budget: updates tokens and parameters are held equal and minutes are marked", "[cli]") {
  const auto status = [](const PlanSandbox& lab, const char* run) {
    return json_of(lab / (std::string(run) + "/seed-1/status.json"));
  };
  const PlanSandbox updates(plan_with("{a: {model.attention: none}, b: {training.batch: {sentences: 4}}}",
                                      "validate_every: 4", "budget: {updates: 9}\n"));
  const Ended end = updates.run();
  INFO(end.err);
  CHECK(has(end.err, "equal for all systems: 9 updates each\n"));
  CHECK(status(updates, "a")["updates"] == 9);
  CHECK(status(updates, "b")["updates"] == 9);
  CHECK(status(updates, "b")["stopped"] == "updates");

  const PlanSandbox tokens(plan_with("{a: {model.attention: none}, b: {training.batch: {sentences: 4}}}",
                                     "validate_every: 50", "budget: {tokens: 300}\n"));
  CHECK(tokens.run().code == 0);
  CHECK(status(tokens, "a")["stopped"] == "tokens");
  CHECK(status(tokens, "a")["updates"] < status(tokens, "b")["updates"]);

  const PlanSandbox parameters(
      plan_with("{a: {model.attention: none, model.hidden: 40}, b: {model.attention: general}}", "epochs: 1",
                "budget: {parameters: true}\n"));
  const Ended matched = parameters.run();
  INFO(matched.err);
  CHECK(has(matched.err, "equal for all systems: as many parameters as 'a', by model.hidden\n"));
  const double a = json_of(parameters / "a/seed-1/manifest.json")["parameters"];
  const double b = json_of(parameters / "b/seed-1/manifest.json")["parameters"];
  CHECK(std::abs(a - b) / a < 0.06);
  CHECK(has(read_file(parameters / "plan.resolved.yaml"), "model.hidden: "));
  CHECK(has(parameters.run().err, "0 runs to do, 2 done before"));

  const PlanSandbox minutes(
      plan_with("{a: {model.attention: none}}", "validate_every: 20", "budget: {minutes: 0.01}\n"));
  CHECK(minutes.run().code == 0);
  CHECK(status(minutes, "a")["stopped"] == "minutes");
  CHECK(status(minutes, "a")["time_dependent"] == true);
  const auto reached = status(minutes, "a")["updates"];
  fs::remove(minutes / "a/seed-1/status.json");  // as if killed just before its end
  fs::remove(minutes / "a/seed-1/scores.json");
  CHECK(minutes.run().code == 0);
  CHECK(status(minutes, "a")["updates"] == reached);
}

TEST_CASE("warm start: parameters with the same name and shape are copied", "[cli]") {
  const PlanSandbox lab(tiny_plan("{vanilla: {model.attention: none}}", "[1]"));
  CHECK(lab.run().code == 0);
  const std::string from = "training.warm_start=runs/tiny/vanilla/seed-1/checkpoints/best.safetensors";
  lab.change(tiny_plan("{general: {model.attention: general}}", "[1]", "1"));
  const Ended end = lab.run({"--set", from, "--out", "runs/warm"});
  INFO(end.err);
  CHECK(end.code == 0);
  const std::string log = read_file(lab.path() / "runs/warm/general/seed-1/log.txt");
  CHECK(has(log, " parameters of runs/tiny/vanilla/seed-1/checkpoints/best.safetensors (sha256 "));
  CHECK(has(log, "; parameters with initial values: decoder/"));
  CHECK(regard(lab.path(), {"digest", "runs/warm"}).out !=
        fresh(tiny_plan("{general: {model.attention: general}}", "[1]", "1")));
  const Ended missing = lab.run({"--set", "training.warm_start=nothing.safetensors", "--out", "runs/none"});
  CHECK(missing.code == 2);
  CHECK(missing.err ==
        "error: --set training.warm_start=nothing.safetensors: training.warm_start: nothing.safetensors: cannot "
        "be read: no such file or folder (system 'general')\n");
  CHECK_FALSE(fs::exists(lab.path() / "runs/none"));
}

TEST_CASE("warm start: a changed file is another training and a deleted file does not matter", "[cli]") {
  const PlanSandbox lab(tiny_plan("{vanilla: {model.attention: none}}", "[1, 2]"));
  CHECK(lab.run().code == 0);
  const auto from = [&](int seed) {
    return read_file(lab / fmt::format("vanilla/seed-{}/checkpoints/best.safetensors", seed));
  };
  const fs::path file = lab.path() / "first.safetensors";
  write_file(file, from(1));
  lab.change(tiny_plan("{general: {model.attention: general}}", "[1]", "1"));
  const auto warm = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--set", "training.warm_start=first.safetensors", "--out", "runs/warm"});
    return lab.run(more);
  };
  const auto digest = [&] { return regard(lab.path(), {"digest", "runs/warm"}).out; };
  CHECK(warm({}).code == 0);
  const std::string before = digest();
  const std::string hash = sha256(from(1));
  const fs::path run = lab.path() / "runs/warm/general/seed-1";
  CHECK(has(read_file(run / "run.yaml"), "files:\n  training.warm_start: " + hash + "\n"));
  CHECK(json_of(run / "manifest.json")["run_hash"] == sha256(read_file(run / "run.yaml")));

  write_file(file, from(2));
  const Ended changed = warm({});
  CHECK(changed.code == 2);
  CHECK(changed.err ==
        fmt::format(
            "error: runs/warm/general/seed-1: was trained with training.warm_start first.safetensors, which "
            "has changed since (sha256 {:.12} then, {:.12} now); keep it with --out FOLDER, or discard it and "
            "train again with --retrain\n",
            hash, sha256(from(2))));
  CHECK(digest() == before);
  // A finished training does not need the file any more, even to decode again; a new training does.
  fs::remove(file);
  CHECK(has(warm({}).err, "0 runs to do, 1 done before"));
  CHECK(warm({"--set", "decoding.beam=3"}).code == 0);
  CHECK(has(read_file(run / "run.yaml"), hash));
  CHECK(warm({"--seeds", "1,2"}).code == 2);
  CHECK(warm({}).code == 0);
  CHECK(digest() == before);
  write_file(file, from(2));
  CHECK(warm({"--retrain"}).code == 0);
  CHECK(digest() != before);
}

TEST_CASE("decoding.test: with never no test set is decoded and a later plan adds them", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1]"));
  const Ended end = lab.run({"--set", "decoding.test=never"});
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(end.out ==
        "no test set was decoded (decoding.test: never), so there is no report; `regard status runs/tiny` has the "
        "validation scores\n");
  CHECK(regard(lab.path(), {"report", "runs/tiny"}).err ==
        "error: runs/tiny: its plan decodes no test set (decoding.test: never), so there is nothing to compare\n");
  CHECK_FALSE(fs::exists(lab / "vanilla/seed-1/hypotheses"));
  CHECK(json_of(lab / "vanilla/seed-1/manifest.json")["decoded"] == nlohmann::json::object());
  CHECK(lab.run().code == 0);
  CHECK(json_of(lab / "vanilla/seed-1/manifest.json")["decoded"] == nlohmann::json{{"test", 1}, {"test_long", 1}});
  const std::string digest = lab.digest();
  CHECK(digest == fresh(tiny_plan(kBoth, "[1]")));
  const Ended again = lab.run({"--set", "decoding.test=never"});
  CHECK(again.code == 2);
  CHECK(
      again.err ==
      "error: runs/tiny/vanilla/seed-1: has translations of test set 'test', which the plan no longer decodes "
      "(decoding.test: never); keep them with --out FOLDER, or discard them with --retrain, which trains nothing for "
      "it\n");
  CHECK(lab.digest() == digest);
}

TEST_CASE("regard run: --dry-run prints runs and costs and differences and writes nothing", "[cli]") {
  const PlanSandbox lab(
      plan_with("{vanilla: {model.attention: none, model.hidden: 40}, general: {model.attention: general}}",
                "epochs: 3", "seeds: [1, 2]\nbudget: {parameters: true}\n"));
  const Ended end = lab.run({"--dry-run"});
  INFO(end.out << end.err);
  CHECK(end.code == 0);
  CHECK_FALSE(fs::exists(lab.path() / "runs"));
  CHECK(has(end.out, "\nvanilla      2 "));
  CHECK(has(end.out, "All 4 runs, "));
  CHECK(has(end.out, "equal for all systems: as many parameters as 'vanilla', by model.hidden\n"));
  CHECK(has(end.out, "general differs from vanilla in\n    model.hidden: 40 -> "));
  CHECK(has(end.out, "    model.attention: none -> general\n"));
  const Ended options = lab.run({"--dry-run", "--set", "systems.general.model.attention=concat"});
  CHECK(has(options.out, "    model.attention: none -> concat\n"));
  CHECK(has(options.out, "    model.attention.keys: - -> full\n"));
  // With --only and --seeds: the systems and seeds that would run; they are still compared with the baseline.
  const Ended part = lab.run({"--dry-run", "--only", "general", "--seeds", "1"});
  CHECK(has(part.out, "\n1 run, 1 at a time: about "));
  CHECK_FALSE(has(part.out, "\nvanilla "));
  CHECK(has(part.out, "general differs from vanilla in\n"));
  // Its numbers are those of the runs.
  CHECK(lab.run({"--only", "general", "--seeds", "1"}).code == 0);
  const auto manifest = json_of(lab / "general/seed-1/manifest.json");
  CHECK(has(end.out, fmt::format(" {} ", manifest["parameters"].get<Index>())));
  CHECK(json_of(lab / "general/seed-1/status.json")["updates"] == 15);
  CHECK(has(end.out, " 15 "));
}

TEST_CASE("regard run: --dry-run counts only the work that the folder does not have", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1, 2]"));
  REQUIRE(lab.run({"--only", "vanilla"}).code == 0);
  const Ended part = lab.run({"--dry-run"});
  INFO(part.out << part.err);
  CHECK(has(part.out, "runs/tiny: 2 of 4 runs finished, 0 begun; only the rest is counted\n"));
  CHECK(has(part.out, "All 2 runs, "));
  CHECK_FALSE(has(part.out, "\nvanilla "));
  // A plan that `regard run` refuses is refused with the same message.
  const Ended refused = lab.run({"--set", "model.hidden=12"});
  CHECK(refused.code == 2);
  const Ended dry = lab.run({"--dry-run", "--set", "model.hidden=12"});
  CHECK(dry.code == 2);
  CHECK(dry.out.empty());
  CHECK(dry.err == refused.err);
  CHECK(has(lab.run({"--dry-run", "--retrain", "--set", "model.hidden=12"}).out, "All 4 runs, "));
  REQUIRE(lab.run().code == 0);
  CHECK(lab.run({"--dry-run"})
            .out.starts_with("runs/tiny: 4 of 4 runs finished, 0 begun; only the rest is counted\n"));
}

TEST_CASE("regard run: --dry-run counts updates of several batches and works with guided alignment", "[cli]") {
  const PlanSandbox lab(
      "name: g\ndata: {corpus: {type: chat_noir, train: 40, valid: 8, test: 8, test_long: 4}}\n"
      "model: {embedding: 8, hidden: 8}\nsystems: {g: {model.attention: general}}\n"
      "training: {epochs: 3, batch: {sentences: 8}, accumulate: 2, guided_alignment: 0.5, validate_every: 3, "
      "patience: 4}\n");
  const Ended end = lab.run({"--dry-run"});
  INFO(end.out << end.err);
  CHECK(end.code == 0);
  CHECK_FALSE(has(end.out, "could not be measured"));
  CHECK(
      has(end.out, "warning: system 'g': training.patience 4 can never end a training of 3 validations early\n"));
  CHECK(lab.run().code == 0);
  CHECK(json_of(lab.path() / "runs/g/g/seed-1/status.json")["updates"] == 9);
  CHECK(has(end.out, "         9   "));
}

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

TEST_CASE("regard run: a finished plan of twelve runs takes less than a second", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1, 2, 3, 4, 5, 6]", "1"));
  CHECK(lab.run().code == 0);
  const auto before = lab.times();
  const auto start = std::chrono::steady_clock::now();
  const Ended end = regard(lab.path(), PlanSandbox::words(), true);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
  CHECK(end.out.ends_with("report: runs/tiny/report/index.html\n"));
  CHECK(lab.times()["runs/tiny/report/index.html"] == before.at("runs/tiny/report/index.html"));
  // A report with a missing file, or with changed runs, is made again.
  fs::remove(lab / "report/index.html");
  CHECK(lab.run().out == end.out);
  CHECK(fs::exists(lab / "report/index.html"));
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

TEST_CASE("regard run: event files do not change the results", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1]"));
  CHECK(lab.run({"--set", "report.tensorboard=true"}).code == 0);
  const std::string events = read_file(lab / "general/seed-1/tensorboard/events.out.tfevents.0.regard");
  for (const char* tag : {"brain.Event:2", "train/loss", "valid/bleu", "attention/test", "\x89PNG"})
    CHECK(has(events, tag));
  // Other programs can read them.
  if (shell(lab.path(), "command -v protoc && /usr/bin/python3 -c 'import crcmod'").code == 0) {
    const std::string read = fs::path(REGARD_PLAN_PAGE).parent_path().parent_path() / "tools/peers/read_events";
    const std::string file = "runs/tiny/general/seed-1/tensorboard/events.out.tfevents.0.regard";
    const Ended values = shell(lab.path(), read + " " + file);
    INFO(values.out << values.err);
    CHECK(values.code == 0);
    for (const char* said :
         {"step 5: train/loss ", "step 10: valid/bleu ", "step 10: attention/test is an image of ",
          "\n5 records, the checksums of each agree\n"})
      CHECK(has(values.out, said));
    write_file(lab / "flipped", events);
    flip_byte(lab / "flipped");
    const Ended flipped = shell(lab.path(), read + " runs/tiny/flipped");
    CHECK(flipped.code == 1);
    CHECK(has(flipped.err, " does not have its checksums\n"));
    fs::remove(lab / "flipped");
  } else {
    WARN("skipped: no protoc or no python3-crcmod");
  }
  // A plan that asks for them when its runs are finished has the same, but for the times.
  const PlanSandbox later(tiny_plan(kBoth, "[1]"));
  CHECK(later.run().code == 0);
  const auto trained = later.times();
  const Ended end = later.run({"--set", "report.tensorboard=true"});
  CHECK(end.code == 0);
  CHECK(end.err ==
        "report.tensorboard: wrote the event files of 2 finished runs from their histories\n"
        "0 runs to do, 2 done before\n");
  const std::string written = read_file(later / "general/seed-1/tensorboard/events.out.tfevents.0.regard");
  CHECK(written.size() == events.size());
  for (const char* tag : {"train/loss", "valid/bleu", "attention/test", "\x89PNG"}) CHECK(has(written, tag));
  const std::string last = "runs/tiny/general/seed-1/checkpoints/last.safetensors";
  CHECK(later.times().at(last) == trained.at(last));
  CHECK(later.run({"--set", "report.tensorboard=true"}).err == "0 runs to do, 2 done before\n");

  const auto hashes = [](const fs::path& folder, const std::string& runs) {
    std::string text = regard(folder, {"digest", runs, "--files"}).out;
    return text.substr(0, text.find("  plan.resolved.yaml") - 64);  // the plans differ in that key
  };
  const PlanSandbox without(tiny_plan(kBoth, "[1]"));
  CHECK(without.run().code == 0);
  CHECK(hashes(lab.path(), "runs/tiny") == hashes(without.path(), "runs/tiny"));
}

}  // namespace regard::test
