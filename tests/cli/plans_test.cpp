// Tests what a plan says beside its systems, with the real program: budgets, warm starts, grids, dry runs, event files.
#include <fmt/format.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "framework/base/base.h"
#include "framework/base/sha256.h"
#include "tests/cli/plan_sandbox.h"

namespace regard::test {

TEST_CASE("epochs auto: each system trains until it has not improved and --dry-run says the most", "[cli]") {
  const PlanSandbox lab(plan_with("{general: {}}", "epochs: auto, patience: 2, learning_rate: 0.05"));
  const Ended dry = lab.run({"--dry-run"});
  INFO(dry.out);
  CHECK(has(dry.out,
            "With training.epochs auto it is the longest training, 100 epochs; it usually ends earlier.\n"));
  CHECK(lab.run().code == 0);
  const auto status = json_of(lab / "general/seed-1/status.json");
  CHECK(status["stopped"] == "patience");
  CHECK(status["epochs"] == status["best_epoch"].get<int>() + 2);
  lab.change(plan_with("{general: {}}", "epochs: soon"));
  const Ended refused = lab.run();
  CHECK(refused.code == 2);
  CHECK(has(refused.err, ": training.epochs: expected a whole number >= 1 or auto, got \"soon\"\n"));
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
