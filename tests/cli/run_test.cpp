// Over 350 lines: one case for each sentence with which `regard run` and `status` may end.
// Tests `regard run` with the real program: the work that is done, skipped or refused, and failures.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "framework/base/files.h"
#include "framework/base/folder_lock.h"
#include "tests/cli/text_sandbox.h"
#include "tests/support/catch.h"

namespace regard::test {
namespace {

// Returns whether SIGINT is pending for the stopped process, or the process has ended.
bool is_told_to_stop(pid_t process) {
  std::string reason;
  const auto status = try_read_file(fmt::format("/proc/{}/status", process), reason);
  const std::size_t at = status ? status->find("ShdPnd:") : std::string::npos;
  if (at == std::string::npos) return true;
  return (std::stoull(status->substr(at + 7, 17), nullptr, 16) & (1U << (SIGINT - 1))) != 0;
}

}  // namespace

TEST_CASE("regard status: before the first validation there is no loss and no BLEU", "[cli]") {
  const PlanSandbox lab(tiny_plan("{vanilla: {model.attention: none}}", "[1]"));
  REQUIRE(lab.run().code == 0);
  for (const auto& entry : fs::directory_iterator(lab / "vanilla/seed-1")) {
    if (entry.path().filename() != "run.yaml") fs::remove_all(entry.path());
  }
  const Ended end = regard(lab.path(), {"status", "runs/tiny"});
  CHECK(has(end.out, "  0 %  epoch 0/2  loss none yet  BLEU none yet  stopped\n"));
}

TEST_CASE("regard run: a plan ends with a report and a second start does nothing", "[cli]") {
  const PlanSandbox lab;
  const Ended first = lab.run();
  INFO(first.err);
  CHECK(first.code == 0);
  CHECK(has(first.err, "4 runs to do, 0 done before; "));
  CHECK(has(first.err, "vanilla seed 1: epoch 2 step 10 loss "));
  CHECK(has(first.err, "[4/4] "));
  CHECK(has(first.out, "\nvanilla "));
  CHECK(has(first.out, "\ngeneral "));
  CHECK(first.out.ends_with("report: runs/tiny/report/index.html\n"));
  CHECK(fs::exists(lab / "report/index.html"));
  CHECK(read_file(lab / "plan.yaml") == tiny_plan());
  const std::string digest = lab.digest();
  auto before = lab.times();

  const Ended second = lab.run();
  CHECK(second.code == 0);
  CHECK(second.err == "0 runs to do, 4 done before\n");
  CHECK(second.out == first.out);
  CHECK(second.seconds < 1);
  CHECK(lab.digest() == digest);
  for (const auto& [file, time] : lab.times()) {
    INFO(file);
    if (file.starts_with("runs/tiny/vanilla") || file.starts_with("runs/tiny/general") ||
        file.starts_with("runs/tiny/data")) {
      CHECK(time == before[file]);
    }
  }
  // The resolved plan is a plan of the same runs.
  fs::copy_file(lab / "plan.resolved.yaml", lab.path() / "again.yaml");
  CHECK(regard(lab.path(), {"run", "again.yaml"}).err == "0 runs to do, 4 done before\n");
  CHECK(lab.digest() == digest);
}

TEST_CASE("regard run: report.metrics chooses the columns of a finished plan's tables and trains nothing",
          "[cli]") {
  const std::string plan = tiny_plan("{general: {model.attention: general}}", "[1]");
  const PlanSandbox lab(plan);
  CHECK(lab.run().code == 0);
  lab.change(plan + "report: {metrics: [chrf2, ter, loss]}\n");
  const Ended end = lab.run();
  INFO(end.out << end.err);
  CHECK(end.code == 0);
  CHECK(end.err == "0 runs to do, 1 done before\n");
  CHECK(has(end.out, "chrF2 test   chrF2 test_long   TER test   TER test_long   loss (nats a token)   n\n"));
  CHECK(has(read_file(lab / "report/results.csv"), "system,chrF2 test"));
  CHECK(has(read_file(lab / "report/report.md"),
            "| system | chrF2 test | chrF2 test_long | TER test | TER test_long | loss (nats a token) | n |"));
  CHECK(has(read_file(lab / "report/table.tex"), "chrF2"));
  CHECK(has(read_file(lab / "report/index.html"), "chrF2 test"));
  const auto results = json_of(lab / "report/results.json");
  CHECK(results["metrics"] == nlohmann::json{"chrf2", "ter", "loss"});
  CHECK(results["systems"][0]["tests"]["test"]["chrf2"]["n"] == 1);
}

TEST_CASE("regard run: a test set whose target has an empty line is scored as sacreBLEU scores it", "[cli]") {
  const PlanSandbox lab(files_plan());
  write_texts(lab.path());
  std::string target = read_file(lab.path() / "one.y");
  target.erase(0, target.find('\n'));
  write_file(lab.path() / "one.y", target);
  const Ended end = lab.run();
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(read_file(lab / "data/tests/one.target") == target);
  const auto bleu = json_of(lab / "general/seed-1/scores.json")["tests"]["one"]["bleu"]["13a"];
  CHECK(bleu["ref_len"] == 12);  // four lines of three words, and none of the empty one
  const Ended score = regard(lab.path(), {"score", "--ref", "one.y", "runs/tiny/general/seed-1/hypotheses/one.txt",
                                          "--format", "json", "--width", "6"});
  CHECK(score.code == 0);
  CHECK(std::abs(nlohmann::json::parse(score.out)["score"].get<double>() - bleu["score"].get<double>()) < 1e-6);
  CHECK(regard(lab.path(), {"report", "runs/tiny"}).code == 0);
  CHECK(regard(lab.path(), {"verify", "runs/tiny"}).code == 0);
}

TEST_CASE("regard run: a plan without a test set comes to its end and says so", "[cli]") {
  const PlanSandbox lab(files_plan("{}"));
  write_texts(lab.path());
  const Ended end = lab.run();
  INFO(end.out << end.err);
  CHECK(end.code == 0);
  CHECK(has(end.out, "\nThe plan has no test set, so there is no BLEU.\n"));
  CHECK(has(end.out, "\ngeneral "));
  const Ended report = regard(lab.path(), {"report", "runs/tiny"});
  CHECK(report.code == 0);
  CHECK(has(read_file(lab / "report/index.html"), "The plan has no test set, so there is no BLEU."));
  CHECK(has(read_file(lab / "report/report.md"), "The plan has no test set, so there is no BLEU."));
  CHECK(regard(lab.path(), {"verify", "runs/tiny"}).code == 0);
  CHECK(lab.run().err == "0 runs to do, 1 done before\n");
}

TEST_CASE("regard run: the digest does not depend on jobs and threads", "[cli]") {
  const std::string one = fresh(tiny_plan(), {"--jobs", "1", "--threads", "1"});
  CHECK(fresh(tiny_plan(), {"--jobs", "2", "--threads", "2"}) == one);
  CHECK(fresh(tiny_plan(), {"--jobs", "1", "--threads", "2"}) == one);
  CHECK(fresh(tiny_plan(), {"--set", "training.learning_rate=0.02"}) != one);
}

TEST_CASE("regard run: a plan that grows does only what is missing", "[cli]") {
  const std::string vanilla = "{vanilla: {model.attention: none}}";
  const PlanSandbox lab(tiny_plan(vanilla, "[1]"));
  CHECK(has(lab.run().err, "1 run to do, 0 done before"));
  const auto grow = [&lab](const std::string& plan, const std::string& said, bool trained_again) {
    INFO(plan);
    const auto before = lab.times();
    lab.change(plan);
    const Ended end = lab.run();
    INFO(end.err);
    CHECK(end.code == 0);
    CHECK(has(end.err, said));
    const std::string last = "runs/tiny/vanilla/seed-1/checkpoints/last.safetensors";
    CHECK((lab.times().at(last) != before.at(last)) == trained_again);
    CHECK(lab.digest() == fresh(plan));
  };
  grow(tiny_plan(vanilla, "[1, 2]"), "1 run to do, 1 done before", false);           // a seed
  grow(tiny_plan(kBoth, "[1, 2]"), "2 runs to do, 2 done before", false);            // a system
  grow(tiny_plan(kBoth, "[1, 2]", "2", "3"), "4 runs to do, 0 done before", false);  // a beam: decoding alone
  grow(tiny_plan(kBoth, "[1, 2]", "4", "3"), "4 runs to do, 0 done before", true);   // epochs: they go on
  CHECK(has(read_file(lab / "vanilla/seed-1/log.txt"), "resumes after update 10"));
}

TEST_CASE("regard run: --only and --seeds run a part of the plan", "[cli]") {
  const PlanSandbox lab;
  const Ended part = lab.run({"--only", "general", "--seeds", "2"});
  CHECK(has(part.err, "1 run to do, 0 done before"));
  CHECK(has(part.out, "\ngeneral "));
  CHECK_FALSE(has(part.out, "\nvanilla "));
  CHECK(has(part.out, "\nNot started: vanilla with seed 2.\n"));
  CHECK(fs::exists(lab / "general/seed-2/status.json"));
  CHECK_FALSE(fs::exists(lab / "vanilla"));
  CHECK(has(lab.run().err, "3 runs to do, 1 done before"));
  CHECK(lab.digest() == fresh(tiny_plan()));
}

TEST_CASE("regard run: a test set can be added and removed", "[cli]") {
  const auto plan = [](const std::string& tests) {
    return "name: tiny\ndata: {files: {train: [a.x, a.y], valid: [a.x, a.y], test: {" + tests +
           "}}}\nmodel: {embedding: 4, hidden: 4}\nsystems: {v: {model.attention: none}}\ntraining: {epochs: 1}\n";
  };
  const auto text = [](const PlanSandbox& lab) {
    write_file(lab.path() / "a.x", "a b\nb c\nc a\n");
    write_file(lab.path() / "a.y", "b a\nc b\na c\n");
  };
  const PlanSandbox lab(plan("one: [a.x, a.y]"));
  const PlanSandbox other(plan("two: [a.y, a.x]"));
  text(lab);
  text(other);
  CHECK(lab.run().code == 0);
  const auto last = fs::last_write_time(lab / "v/seed-1/checkpoints/last.safetensors");
  lab.change(plan("one: [a.x, a.y], two: [a.y, a.x]"));
  CHECK(lab.run().code == 0);
  CHECK(fs::exists(lab / "v/seed-1/hypotheses/two.txt"));
  lab.change(plan("two: [a.y, a.x]"));
  const std::string digest = lab.digest();
  const Ended refused = lab.run();
  CHECK(refused.code == 2);
  CHECK(refused.err.ends_with(
      "error: runs/tiny/v/seed-1: has translations of test set 'one', which the plan no longer has; keep them with "
      "--out FOLDER, or discard them with --retrain, which trains nothing for it\n"));
  CHECK(lab.digest() == digest);
  CHECK(lab.run({"--retrain"}).code == 0);
  CHECK(fs::last_write_time(lab / "v/seed-1/checkpoints/last.safetensors") == last);
  CHECK(other.run().code == 0);
  CHECK(lab.digest() == other.digest());
}

TEST_CASE("regard run: joined test sets added to trained systems are only decoded", "[cli]") {
  const auto plan = [](const std::string& join) {
    return "name: tiny\ndata: {files: {train: [a.x, a.y], valid: [a.x, a.y], test: {one: [a.x, a.y]}}, join: " +
           join +
           "}\nmodel: {embedding: 4, hidden: 4}\nsystems: {v: {model.attention: none}}\ntraining: {epochs: 1}\n";
  };
  const auto text = [](const PlanSandbox& lab) {
    write_file(lab.path() / "a.x", "a b\nb c\nc a\na c\n");
    write_file(lab.path() / "a.y", "b a\nc b\na c\nc a\n");
  };
  const PlanSandbox lab(plan("{}"));
  text(lab);
  CHECK(lab.run().code == 0);
  const auto before = lab.times();
  lab.change(plan("{test: [1, 2]}"));
  CHECK(lab.run().code == 0);
  CHECK(lab.times()["runs/tiny/v/seed-1/checkpoints/last.safetensors"] ==
        before.at("runs/tiny/v/seed-1/checkpoints/last.safetensors"));
  CHECK(json_of(lab / "v/seed-1/manifest.json")["decoded"] == nlohmann::json{{"one", 1}, {"one_x2", 1}});
  const PlanSandbox other(plan("{test: [1, 2]}"));
  text(other);
  CHECK(other.run().code == 0);
  CHECK(lab.digest() == other.digest());
  lab.change(plan("{train: [1, 2], test: [1, 2]}"));
  const Ended refused = lab.run();
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "tiny/v/seed-1: was trained with data.join.train [1], but the plan now has [1, 2];"));
}

TEST_CASE("regard run: a change that would discard a training is refused and nothing is changed", "[cli]") {
  const PlanSandbox lab;
  CHECK(lab.run().code == 0);
  const std::string digest = lab.digest();
  const auto before = lab.times();
  const auto refused = [&](const std::vector<std::string>& sets) {
    const Ended end = lab.run(sets);
    CHECK(end.code == 2);
    CHECK(end.out.empty());
    CHECK(lab.digest() == digest);
    auto after = lab.times();
    after.erase("runs/tiny/.lock");
    for (const auto& [file, time] : after) CHECK(time == before.at(file));
    return end.err;
  };
  const std::string rest = "; keep it with --out FOLDER, or discard it and train again with --retrain\n";
  CHECK(refused({"--set", "model.hidden=16"}) ==
        "error: runs/tiny/vanilla/seed-1: was trained with model.hidden \"8\", but the plan now has \"16\"" +
            rest);
  // The first system alone could go on; the second could not.
  lab.change(tiny_plan("{vanilla: {model.attention: none, decoding.beam: 4}, general: {model.attention: dot}}"));
  CHECK(
      refused({}) ==
      "error: runs/tiny/general/seed-1: was trained with model.attention \"general\", but the plan now has \"dot\"" +
          rest);
  lab.change(tiny_plan());
  CHECK(refused({"--set", "training.epochs=1"}) ==
        "error: runs/tiny/vanilla/seed-1: was trained with training.epochs \"2\", but the plan now has \"1\"" +
            rest);
  CHECK(refused({"--set", "training.patience=1"}) ==
        "error: runs/tiny/vanilla/seed-1: was trained with training.patience \"0\", but the plan now has \"1\"" +
            rest);
  CHECK(refused({"--set", "data.corpus.seed=5"}) ==
        "error: runs/tiny/vanilla/seed-1: was trained with data.corpus.seed \"1\", but the plan now has \"5\"" +
            rest);
  const Ended out = lab.run({"--set", "model.hidden=16", "--out", "runs/wide"});
  CHECK(out.code == 0);
  CHECK(lab.digest() == digest);
  CHECK(lab.run({"--set", "model.hidden=16", "--retrain"}).code == 0);
  CHECK(lab.digest() == regard(lab.path(), {"digest", "runs/wide"}).out);
  CHECK(lab.digest() != digest);
}

TEST_CASE("regard run: changed text with the same plan is refused", "[cli]") {
  const PlanSandbox lab(
      "name: tiny\ndata: {files: {train: [a.x, a.y], valid: [a.x, a.y], test: {one: [a.x, a.y]}}}\n"
      "model: {embedding: 4, hidden: 4}\nsystems: {v: {model.attention: none}}\ntraining: {epochs: 1}\n");
  write_file(lab.path() / "a.x", "a b\nb c\n");
  write_file(lab.path() / "a.y", "b a\nc b\n");
  CHECK(lab.run().code == 0);
  const std::string digest = lab.digest();
  write_file(lab.path() / "a.y", "b a\nc c\n");
  const Ended end = lab.run({"--seeds", "1,2"});
  CHECK(end.code == 2);
  CHECK(
      has(end.err,
          "error: runs/tiny/v/seed-1: was trained with data.files.train.2 a.y, which has changed since (sha256 "));
  CHECK(lab.digest() == digest);
}

TEST_CASE("regard run: the error of a folder in use names its holder and Ctrl-C says how to continue", "[cli]") {
  const PlanSandbox lab;
  const std::vector<std::string> words = PlanSandbox::words({"--set", "training.epochs=40", "--jobs", "2"});
  Program running(lab.path(), words);
  REQUIRE(wait_until(running, [&] { return fs::exists(lab / "vanilla/seed-1/history.jsonl"); }));
  const auto children = children_of(running.pid());
  running.signal(SIGSTOP);
  for (const pid_t child : children) kill(child, SIGSTOP);
  const auto holder = FolderLock::holder(lab.path() / "runs" / "tiny");
  const Ended second = lab.run({"--set", "model.hidden=16"});
  CHECK(second.code == 2);
  REQUIRE(holder);
  CHECK(holder->process == running.pid());
  CHECK(second.err ==
        fmt::format("error: runs/tiny: in use by process {} on host {} since {}; wait for it to end, or write "
                    "to another folder\n",
                    running.pid(), holder->host, holder->since));
  running.signal(SIGINT);
  running.signal(SIGCONT);
  REQUIRE(wait_until(running, [&] { return std::all_of(children.begin(), children.end(), is_told_to_stop); }));
  for (const pid_t child : children) kill(child, SIGCONT);
  const Ended end = running.wait();
  CHECK(end.code == 130);
  CHECK(
      has(end.err, "\nstopping: each run finishes its step and saves; press Ctrl-C again to end them at once\n"));
  const Ended status = regard(lab.path(), {"status", "runs/tiny"});
  INFO(status.out);
  CHECK(has(status.out, "/40  loss "));
  CHECK(has(status.out, "  stopped\n"));
  CHECK_FALSE(has(status.out, "vanilla seed 1 ················   0 %"));
  CHECK(end.err.ends_with(
      "\nstopped; finished work is kept, and the same command continues: regard run p.yaml --set "
      "training.epochs=40 --jobs 2\n"));
  CHECK(end.err.find("stopped; ") == end.err.rfind("stopped; "));
  CHECK(end.out.empty());
  CHECK_FALSE(fs::exists(lab / "report"));
  CHECK(regard(lab.path(), words).code == 0);
  CHECK(has(read_file(lab / "vanilla/seed-1/log.txt"), "resumes after update "));
  CHECK(lab.digest() == fresh(tiny_plan(kBoth, "[1, 2]", "40")));
}

TEST_CASE("regard run: a killed worker is one failed run and the next start tries it again", "[cli]") {
  const PlanSandbox lab(tiny_plan("{short: {model.attention: none}, long: {training.epochs: 20000}}", "[1]"));
  Program running(lab.path(), PlanSandbox::words({"--jobs", "2"}));
  pid_t victim = 0;
  REQUIRE(wait_until(running, [&] {
    for (const pid_t child : children_of(running.pid())) {
      std::string reason;
      const auto words = try_read_file(fmt::format("/proc/{}/cmdline", child), reason);
      if (words && has(*words, std::string("long\0", 5)) && fs::exists(lab / "long/seed-1/history.jsonl"))
        victim = child;
    }
    return victim != 0;
  }));
  kill(victim, SIGKILL);
  const Ended end = running.wait();
  CHECK(end.code == 1);
  CHECK(has(end.err, "long seed 1 FAILED: killed by signal 9 (Killed)\n"));
  CHECK(has(end.err, "short seed 1 finished after "));
  const auto status = nlohmann::json::parse(read_file(lab / "long/seed-1/status.json"));
  CHECK(status["state"] == "failed");
  CHECK(status["reason"] == "killed by signal 9 (Killed)");
  CHECK(end.out.ends_with("report: runs/tiny/report/index.html\n"));
  CHECK(has(read_file(lab / "report/report.md"), "killed by signal 9 (Killed)"));
  Program again(lab.path(), PlanSandbox::words());
  CHECK(wait_until(again, [&] { return !fs::exists(lab / "long/seed-1/status.json"); }));
  again.signal(SIGINT);
  const Ended stopped = again.wait();
  CHECK(stopped.code == 130);
  CHECK(has(stopped.err, "1 run to do, 1 done before"));
}

TEST_CASE("regard run: a worker that ends before its folder exists is one failed run", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1]"));
  Program running(lab.path(), PlanSandbox::words({"--jobs", "1"}));
  REQUIRE(wait_until(running, [&] {
    const auto children = children_of(running.pid());
    if (!children.empty()) kill(children.front(), SIGKILL);
    return !children.empty();
  }));
  const Ended end = running.wait();
  INFO(end.err);
  CHECK(end.code == 1);
  CHECK(has(end.err, "[1/2] vanilla seed 1 FAILED: killed by signal 9 (Killed)\n"));
  CHECK(has(end.err, "[2/2] general seed 1 finished after "));
  CHECK(nlohmann::json::parse(read_file(lab / "vanilla/seed-1/status.json"))["state"] == "failed");
  CHECK(lab.run().code == 0);
  CHECK(lab.digest() == fresh(tiny_plan(kBoth, "[1]")));
}

TEST_CASE("regard run: a worker's own error is printed once and the others continue", "[cli]") {
  const PlanSandbox lab(tiny_plan(kBoth, "[1]"));
  fs::create_directories((lab / "vanilla").parent_path());
  write_file(lab / "vanilla", "a file where the run's folder should be");
  const Ended end = lab.run();
  INFO(end.err);
  CHECK(end.code == 1);
  const std::string reason =
      "runs/tiny/vanilla/seed-1/checkpoints: cannot be made: a part of the path is a file, not a folder";
  CHECK(has(end.err, "vanilla seed 1 FAILED: " + reason + "\n"));
  CHECK(end.err.find(reason) == end.err.rfind(reason));
  CHECK(has(end.err, "general seed 1 finished after "));
  CHECK(fs::exists(lab / "report/index.html"));
}

TEST_CASE("regard run: a training that diverges is one failed run with its step", "[cli]") {
  const PlanSandbox lab(
      tiny_plan("{good: {}, wild: {training.learning_rate: 1.0e+38, training.clip_norm: 0}}", "[1]"));
  const Ended end = lab.run();
  INFO(end.err);
  CHECK(end.code == 1);
  CHECK(has(end.err, "wild seed 1 FAILED: step "));
  CHECK(has(end.err, "good seed 1 finished after "));
  const auto status = nlohmann::json::parse(read_file(lab / "wild/seed-1/status.json"));
  const auto reason = status["reason"].get<std::string>();
  CHECK(reason.starts_with("step "));
  CHECK(end.err.find(reason) == end.err.rfind(reason));
  CHECK(has(read_file(lab / "report/report.md"), "step "));
  CHECK(has(read_file(lab / "report/index.html"), "failed"));
}

}  // namespace regard::test
