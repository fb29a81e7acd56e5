// Faults around a run: disks, folders, pipes, clocks, checkpoints. Nothing is lost, and each error is one
// sentence.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tests/cli/plan_sandbox.h"
#include "tests/support/skip.h"

namespace regard::test {
namespace {

const std::string kOne = tiny_plan("{vanilla: {model.attention: none}}", "[1]");

// Returns whether a file system can be mounted here.
bool can_mount(const PlanSandbox& lab) {
  return shell(lab.path(), "unshare -rm mount -t tmpfs none /mnt").code == 0;
}

}  // namespace

TEST_CASE("regard run: a full disk is one sentence and the run continues when there is room again", "[cli]") {
  const PlanSandbox lab(kOne);
  if (!can_mount(lab)) REGARD_SKIP("no file system can be mounted here");
  // Measures first how much the whole run needs; then gives it less and less, so that it ends at several places.
  REQUIRE(lab.run().code == 0);
  const std::string digest = lab.digest();
  const Ended end = shell(lab.path(), R"(unshare -rm sh -c '
    mkdir full && mount -t tmpfs -o size=4M none full
    need=$(du -sk --exclude=report runs/tiny | cut -f1)
    for room in 12 $((need / 3)) $((need * 2 / 3)) $((need - 8)); do
      rm -rf full/runs && mount -o remount,size=${room}k full
      $REGARD run p.yaml --out full/runs 2>said; echo "code $?"
      tail -1 said
      grep -h "cannot be written" said || echo "nothing said"
    done
    mount -o remount,size=4M full
    $REGARD run p.yaml --out full/runs >out 2>&1; echo "code $?"
    $REGARD digest full/runs')");
  INFO(end.out << end.err);
  CHECK(has(end.out, ": cannot be written: no space is left on the disk"));
  CHECK_FALSE(has(end.out, "nothing said"));
  CHECK_FALSE(has(end.out, "terminate"));
  CHECK(end.out.ends_with("code 0\n" + digest));
}

TEST_CASE("regard run: a limit on file size is one sentence", "[cli]") {
  const PlanSandbox lab(kOne);
  const Ended end = shell(lab.path(), "ulimit -f 8; $REGARD run p.yaml");  // blocks of 512 bytes
  INFO(end.err);
  CHECK(end.code == 2);  // the report cannot be written either
  CHECK(has(end.err,
            "FAILED: runs/tiny/vanilla/seed-1/checkpoints/best.safetensors: cannot be written: the file would be "
            "larger than the system allows"));
  CHECK(lab.run().code == 0);
  CHECK(lab.digest() == fresh(kOne));
}

TEST_CASE("regard run: a folder that cannot be written is one sentence", "[cli]") {
  const PlanSandbox lab(kOne);
  if (!can_mount(lab)) REGARD_SKIP("no file system can be mounted here");
  const Ended end = shell(lab.path(),
                          "mkdir ro && unshare -rm sh -c 'mount -t tmpfs -o ro none ro && "
                          "$REGARD run p.yaml --out ro/runs'");
  CHECK(end.code == 2);
  CHECK(end.err == "error: ro/runs: cannot be made: the file system is read-only\n");
  if (geteuid() != 0) return;
  const Ended denied = shell(lab.path(), "chmod 755 . && setpriv --reuid 65534 --clear-groups $REGARD run p.yaml");
  CHECK(denied.code == 2);
  CHECK(denied.err == "error: runs/tiny: cannot be made: permission denied\n");
}

TEST_CASE("regard run: a folder that is removed during the run ends it with one sentence", "[cli]") {
  const PlanSandbox lab(tiny_plan("{vanilla: {model.attention: none}}", "[1]", "20000"));
  Program running(lab.path(), PlanSandbox::words());
  REQUIRE(wait_until(running, [&] { return fs::exists(lab / "vanilla/seed-1/history.jsonl"); }));
  for (int tries = 0; tries < 100 && fs::exists(lab.path() / "runs"); ++tries) {
    std::error_code again;
    fs::remove_all(lab.path() / "runs", again);
  }
  const Ended end = running.wait();
  INFO(end.err);
  CHECK(end.code != 0);
  CHECK(end.signal == 0);
  CHECK(has(end.err, ": no such file or folder"));
  lab.change(kOne);
  CHECK(lab.run().code == 0);
  CHECK(lab.digest() == fresh(kOne));
}

TEST_CASE("regard run: the runs continue if nobody reads the output", "[cli]") {
  for (const char* script : {"$REGARD run p.yaml 2>&1 | head -1", "$REGARD run p.yaml >&- 2>&-",
                             "$REGARD run p.yaml >/dev/full 2>/dev/full"}) {
    INFO(script);
    const PlanSandbox lab(kOne);
    static_cast<void>(shell(lab.path(), script));
    CHECK(fs::exists(lab / "report/index.html"));
    CHECK(lab.digest() == fresh(kOne));
  }
}

TEST_CASE("regard run: a second Ctrl-C ends it at once and nothing is lost", "[cli]") {
  const PlanSandbox lab(tiny_plan("{vanilla: {model.attention: none}}", "[1]", "40"));
  Program running(lab.path(), PlanSandbox::words());
  REQUIRE(wait_until(running, [&] { return fs::exists(lab / "vanilla/seed-1/checkpoints/last.safetensors"); }));
  const auto children = children_of(running.pid());
  REQUIRE(children.size() == 1);
  kill(children.front(), SIGSTOP);  // so that it cannot finish its step
  running.signal(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(running.running());
  running.signal(SIGINT);
  const Ended end = running.wait();
  CHECK(end.signal == SIGINT);
  const auto gone = [&] { return kill(children.front(), 0) != 0; };
  for (int tries = 0; tries < 1000 && !gone(); ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(gone());
  const Ended again = lab.run();
  CHECK(again.code == 0);
  CHECK(has(again.err, "warning: runs/tiny: process "));
  CHECK(has(again.err, ", was killed; its runs resume from their last checkpoints\n"));
  CHECK(has(read_file(lab / "vanilla/seed-1/log.txt"), "resumes after update "));
  CHECK(lab.digest() == fresh(tiny_plan("{vanilla: {model.attention: none}}", "[1]", "40")));
}

TEST_CASE("regard run: a clock that is set back changes no result", "[cli]") {
  const PlanSandbox lab(kOne);
  // A sanitizer must be loaded first, and complains unless this check is switched off.
  const std::string back =
      "env ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=" REGARD_CLOCK_BACK " $REGARD run p.yaml";
  const Ended end = shell(lab.path(), back + " && " + back + " --set training.epochs=4 && " +
                                          "$REGARD run p.yaml --set training.epochs=4");
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(has(end.err, "0 runs to do, 1 done before"));
  CHECK(lab.digest() == fresh(kOne, {"--set", "training.epochs=4"}));
}

TEST_CASE("regard run: a damaged checkpoint is named and --retrain starts the run again", "[cli]") {
  const PlanSandbox lab(kOne);
  CHECK(lab.run().code == 0);
  const std::string digest = lab.digest();
  const fs::path run = lab / "vanilla/seed-1";
  const auto fails = [&](const std::vector<std::string>& words, const std::string& reason) {
    const Ended end = lab.run(words);
    INFO(end.err);
    CHECK(end.code == 1);
    CHECK(has(end.err, "FAILED: " + reason));
    CHECK(has(json_of(run / "status.json")["reason"].get<std::string>(), reason));
    CHECK(has(read_file(lab / "report/report.md"), "failed"));
  };
  const std::string file = "runs/tiny/vanilla/seed-1/checkpoints/";
  const std::string rest = "; --retrain trains this run again from the start";
  flip_byte(run / "checkpoints/best.safetensors");
  fails({"--set", "decoding.beam=3"},
        file + "best.safetensors: is damaged: its content does not have the checksum in its metadata" + rest);
  CHECK(lab.run({"--retrain"}).code == 0);
  CHECK(lab.digest() == digest);
  flip_byte(run / "checkpoints/last.safetensors");
  fails({"--set", "training.epochs=3"},
        file + "last.safetensors: is damaged: its content does not have the checksum in its metadata" + rest);
  CHECK(lab.run({"--set", "training.epochs=3", "--retrain"}).code == 0);
  CHECK(lab.digest() == fresh(kOne, {"--set", "training.epochs=3"}));
}

TEST_CASE("regard run: the error of a folder of another version says what to do", "[cli]") {
  const PlanSandbox lab(kOne);
  CHECK(lab.run().code == 0);
  const std::string digest = lab.digest();
  const fs::path file = lab / "vanilla/seed-1/run.yaml";
  const std::string text = read_file(file);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    REQUIRE(has(text, from));
    changed.replace(changed.find(from), from.size(), to);
    write_file(file, changed);
    return lab.run().err;
  };
  const std::string rest = "); keep it with --out FOLDER, or discard it and train again with --retrain\n";
  CHECK(with("format: 1\n", "format: 2\n") ==
        "error: runs/tiny/vanilla/seed-1: was made by another version of regard "
        "(runs/tiny/vanilla/seed-1/run.yaml: format 2, but this version reads 1" +
            rest);
  CHECK(has(with("  explosion: 10.0\n", "  explosoin: 10.0\n"),
            "unknown key 'explosoin' in training; did you mean"));
  // An option that the older version did not have has its default.
  CHECK(has(with("  explosion: 10.0\n", ""), "0 runs to do, 1 done before"));
  with("format: 1\n", "format: 2\n");
  CHECK(lab.run({"--retrain"}).code == 0);
  CHECK(lab.digest() == digest);
}

TEST_CASE("regard run: removed data is prepared again even with finished runs", "[cli]") {
  const PlanSandbox lab(
      "name: tiny\ndata: {files: {train: [a.x, a.y], valid: [a.x, a.y], test: {one: [a.x, a.y]}}}\n"
      "model: {embedding: 4, hidden: 4}\nsystems: {v: {model.attention: none}}\ntraining: {epochs: 1}\n");
  write_file(lab.path() / "a.x", "a b\nb c\n");
  write_file(lab.path() / "a.y", "b a\nc b\n");
  CHECK(lab.run().code == 0);
  const std::string digest = lab.digest();
  const auto again = [&] {
    const Ended end = lab.run();
    INFO(end.err);
    CHECK(end.code == 0);
    CHECK(has(end.err, "0 runs to do, 1 done before\n"));
    CHECK(lab.digest() == digest);
  };
  fs::remove_all(lab / "data");
  again();
  fs::remove(lab / "data/tests/one.target");
  again();
  fs::remove(lab / "data/source.vocab");
  again();
  // Other text with the same plan is refused; only the manifests record which text the runs used.
  fs::remove_all(lab / "data");
  write_file(lab.path() / "a.y", "b a\nc c\n");
  const Ended other = lab.run();
  CHECK(other.code == 2);
  CHECK(has(other.err,
            "error: runs/tiny/v/seed-1: was trained with data.files.train.2 a.y, which has changed since ("));
  write_file(lab.path() / "a.y", "b a\nc b\n");
  again();
}

TEST_CASE("regard run: only a new test set is decoded and so are more attention sentences", "[cli]") {
  const auto plan = [](const std::string& tests, const std::string& sentences) {
    return "name: tiny\ndata: {files: {train: [a.x, a.y], valid: [a.x, a.y], test: {" + tests +
           "}}}\nmodel: {embedding: 4, hidden: 4}\nsystems: {v: "
           "{model.attention: none}, g: {model.attention: general}}\n"
           "training: {epochs: 1}\nreport: {attention_sentences: " +
           sentences + "}\n";
  };
  const PlanSandbox lab(plan("one: [a.x, a.y]", "1"));
  write_file(lab.path() / "a.x", "a b\nb c\nc a\n");
  write_file(lab.path() / "a.y", "b a\nc b\na c\n");
  CHECK(lab.run().code == 0);
  const auto decoded = [&](const std::string& run) {
    return json_of(lab / (run + "/seed-1/manifest.json"))["decoded"];
  };
  CHECK(decoded("v") == nlohmann::json{{"one", 1}});
  const auto before = lab.times();
  lab.change(plan("one: [a.x, a.y], two: [a.y, a.x]", "1"));
  CHECK(has(lab.run().err, "2 runs to do, 0 done before"));
  CHECK(decoded("v") == nlohmann::json{{"one", 1}, {"two", 1}});
  CHECK(lab.times()["runs/tiny/v/seed-1/hypotheses/one.txt"] ==
        before.at("runs/tiny/v/seed-1/hypotheses/one.txt"));
  lab.change(plan("one: [a.x, a.y], two: [a.y, a.x]", "3"));
  CHECK(has(lab.run().err, "1 run to do, 1 done before"));  // vanilla has no attention to write
  CHECK(decoded("v") == nlohmann::json{{"one", 1}, {"two", 1}});
  CHECK(decoded("g") == nlohmann::json{{"one", 2}, {"two", 2}});
  lab.change(plan("two: [a.y, a.x]", "3"));
  CHECK(lab.run({"--retrain"}).code == 0);
  CHECK_FALSE(fs::exists(lab / "g/seed-1/attention/one.jsonl"));
  const PlanSandbox other(plan("two: [a.y, a.x]", "3"));
  write_file(other.path() / "a.x", "a b\nb c\nc a\n");
  write_file(other.path() / "a.y", "b a\nc b\na c\n");
  CHECK(other.run().code == 0);
  CHECK(lab.digest() == other.digest());
}

TEST_CASE("regard run: a training that ended between validations can be made longer", "[cli]") {
  const PlanSandbox lab(kOne);
  CHECK(lab.run({"--set", "training.validate_every=3"}).code == 0);
  CHECK(lab.run({"--set", "training.validate_every=3", "--set", "training.epochs=4"}).code == 0);
  CHECK(has(read_file(lab / "vanilla/seed-1/log.txt"), "resumes after update 10"));
  CHECK(lab.digest() == fresh(kOne, {"--set", "training.validate_every=3", "--set", "training.epochs=4"}));
}

}  // namespace regard::test
