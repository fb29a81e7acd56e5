// Edits a finished plan, in its keys or in the files that it names: its results are those of a fresh run of the
// edited plan, or the edit is refused.
#include <fmt/format.h>

#include <tuple>

#include "framework/base/sha256.h"
#include "tests/cli/plan_sandbox.h"
#include "tools/torture/edits.h"

namespace regard::test {
namespace {

const std::string kRest = "; keep it with --out FOLDER, or discard it and train again with --retrain\n";

// Files of short rows: the target is the source reversed.
void write_rows(const fs::path& folder, const std::string& name, int lines, int from) {
  std::string source;
  std::string target;
  std::string links;
  for (int i = from; i < from + lines; ++i) {
    const std::string a = std::to_string(i % 5);
    const std::string b = std::to_string(i % 3);
    const std::string c = std::to_string(i % 7);
    source += "w" + a + " w" + b + " w" + c + "\n";
    target += "w" + c + " w" + b + " w" + a + "\n";
    links += "0-2 1-1 2-0\n";
  }
  write_file(folder / (name + ".x"), source);
  write_file(folder / (name + ".y"), target);
  write_file(folder / (name + ".align"), links);
}

void write_texts(const fs::path& folder) {
  write_rows(folder, "train", 30, 0);
  write_rows(folder, "valid", 6, 3);
  write_rows(folder, "one", 5, 11);
  write_rows(folder, "two", 4, 17);
  write_file(folder / "one.tok", read_file(folder / "one.y"));
}

std::string files_plan(const std::string& tests = "{one: [one.x, one.y]}", const std::string& data = "",
                       const std::string& rest = "", const std::string& training = "") {
  return "name: tiny\ndata: {files: {train: [train.x, train.y], valid: [valid.x, valid.y], test: " + tests + "}" +
         data +
         "}\nmodel: {embedding: 8, hidden: 8}\nsystems: {general: {model.attention: general}}\n"
         "training: {epochs: 2, batch: {sentences: 8}, learning_rate: 0.01" +
         training + "}\n" + rest;
}

// A sandbox with a plan over the files of write_texts().
class Texts final {
 public:
  explicit Texts(const std::string& plan) : lab(plan) {
    write_texts(lab.path());
    const Ended end = lab.run();
    INFO(end.err);
    CHECK(end.code == 0);
  }
  // Returns the digest of the current plan with the current texts, run in another folder.
  [[nodiscard]] std::string fresh() const {
    fs::remove_all(lab.path() / "runs/fresh");
    const Ended end = lab.run({"--out", "runs/fresh"});
    INFO(end.err);
    CHECK(end.code == 0);
    return regard(lab.path(), {"digest", "runs/fresh"}).out;
  }
  void run_as_fresh(const std::vector<std::string>& more = {}) const {
    const Ended end = lab.run(more);
    INFO(end.err);
    CHECK(end.code == 0);
    CHECK(lab.digest() == fresh());
    CHECK(regard(lab.path(), {"verify", "runs/tiny"}).code == 0);
  }
  PlanSandbox lab;
};

}  // namespace

TEST_CASE("stale: the options of decoding that validation reads belong to the training", "[cli]") {
  for (const std::string by : {"bleu", "chrf", "loss"}) {
    const std::vector<std::string> base = {"--set", "training.best_by=" + by};
    const PlanSandbox lab(tiny_plan("{general: {model.attention: general}}", "[1]"));
    CHECK(lab.run(base).code == 0);
    const std::string digest = lab.digest();
    for (const auto& [key, before, now] :
         {std::tuple{"max_length_extra", "10", "1"}, std::tuple{"max_length_factor", "2.0", "1.0"},
          std::tuple{"batch_sentences", "64", "3"}}) {
      const std::vector<std::string> edited = {"--set", "training.best_by=" + by, "--set",
                                               fmt::format("decoding.{}={}", key, now)};
      const Ended end = lab.run(edited);
      CHECK(end.code == 2);
      CHECK(end.err == fmt::format("error: runs/tiny/general/seed-1: was trained with decoding.{} \"{}\", but the "
                                   "plan now has \"{}\"",
                                   key, before, now) +
                           kRest);
      CHECK(lab.digest() == digest);
    }
    const std::vector<std::string> shorter = {"--set", "training.best_by=" + by, "--set",
                                              "decoding.max_length_extra=1", "--retrain"};
    CHECK(lab.run(shorter).code == 0);
    CHECK(lab.digest() == fresh(tiny_plan("{general: {model.attention: general}}", "[1]"), shorter));
    CHECK(lab.run({"--set", "training.best_by=" + by, "--set", "decoding.max_length_extra=1", "--set",
                   "decoding.beam=3"})
              .code == 0);  // options that only the final search reads cause decoding again
  }
}

TEST_CASE("stale: changed training or validation text is refused even if nothing is pending", "[cli]") {
  for (const std::string file : {"train.x", "valid.y"}) {
    const Texts texts(files_plan());
    const std::string digest = texts.lab.digest();
    const std::string before = sha256(read_file(texts.lab.path() / file));
    write_file(texts.lab.path() / file, "w9 w8 w7\n" + read_file(texts.lab.path() / file).substr(9));
    const std::string now = sha256(read_file(texts.lab.path() / file));
    const Ended end = texts.lab.run();
    CHECK(end.code == 2);
    CHECK(end.err ==
          fmt::format("error: runs/tiny/general/seed-1: was trained with data.files.{}.{} {}, which has changed "
                      "since (sha256 {:.12} then, {:.12} now)",
                      file.substr(0, 5), file.ends_with("x") ? 1 : 2, file, before, now) +
              kRest);
    CHECK(texts.lab.digest() == digest);
    texts.run_as_fresh({"--retrain"});
  }
}

TEST_CASE("stale: changed text of a test set is translated again", "[cli]") {
  const Texts texts(files_plan("{one: [one.x, one.y], two: [two.x, two.y]}"));
  const auto last = fs::last_write_time(texts.lab / "general/seed-1/checkpoints/last.safetensors");
  for (const char* file : {"one.x", "two.y"}) {
    write_file(texts.lab.path() / file, "w4 w4 w4\n" + read_file(texts.lab.path() / file).substr(9));
    texts.run_as_fresh();
  }
  texts.lab.change(files_plan("{one: [one.x, one.y, one.align], two: [two.x, two.y]}"));
  texts.run_as_fresh();
  CHECK(fs::exists(texts.lab / "general/seed-1/attention/one.forced.align"));
  write_file(texts.lab.path() / "one.align", "0-0\n0-0\n0-0\n0-0\n0-0\n");
  texts.run_as_fresh();
  CHECK(fs::last_write_time(texts.lab / "general/seed-1/checkpoints/last.safetensors") == last);
}

TEST_CASE("stale: new or changed tokenised references are used", "[cli]") {
  const Texts texts(files_plan());
  const auto last = fs::last_write_time(texts.lab / "general/seed-1/checkpoints/last.safetensors");
  std::string plan = files_plan();
  plan.insert(plan.find("test: "), "tokenized: {one: one.tok}, ");
  texts.lab.change(plan);
  texts.run_as_fresh();
  write_file(texts.lab.path() / "one.tok", "a b c\n" + read_file(texts.lab.path() / "one.tok").substr(9));
  texts.run_as_fresh();
  texts.lab.change(files_plan());
  texts.run_as_fresh();
  CHECK(fs::last_write_time(texts.lab / "general/seed-1/checkpoints/last.safetensors") == last);
}

TEST_CASE("stale: a changed dictionary causes decoding again", "[cli]") {
  const PlanSandbox lab(files_plan("{one: [one.x, one.y]}", ", vocabulary: {min_frequency: 15}",
                                   "decoding: {replace_unknown: true, dictionary: words}\n"));
  write_texts(lab.path());
  write_file(lab.path() / "words", "w1 one\nw2 two\n");
  CHECK(lab.run().code == 0);
  write_file(lab.path() / "words", "w1 uno\nw2 due\n");
  CHECK(lab.run().code == 0);
  const std::string digest = lab.digest();
  CHECK(read_file(lab / "general/seed-1/dictionary.txt") == "w1 uno\nw2 due\n");
  CHECK(lab.run({"--out", "runs/fresh"}).code == 0);
  CHECK(regard(lab.path(), {"digest", "runs/fresh"}).out == digest);
  fs::remove(lab.path() / "words");  // finished decoding does not need it
  CHECK(has(lab.run().err, "0 runs to do, 1 done before"));
  const Ended begun = lab.run({"--out", "runs/other"});
  CHECK(begun.code == 2);
  CHECK(begun.err ==
        "error: decoding.dictionary: words: cannot be read: no such file or folder (system 'general')\n");
}

TEST_CASE("stale: another tokeniser model is another training even for a new seed", "[cli]") {
  const auto learned = [](int from) {
    const PlanSandbox lab(files_plan("{one: [one.x, one.y]}",
                                     ", tokenizer: {type: sentencepiece, size: 11, character_coverage: 1}"));
    write_texts(lab.path());
    write_rows(lab.path(), "train", 30 + from, from);
    if (from > 0) write_file(lab.path() / "train.x", "v1 v2 v3\n" + read_file(lab.path() / "train.x").substr(9));
    const Ended end = lab.run();
    INFO(end.err);
    CHECK(end.code == 0);
    return read_file(lab / "data/source.model");
  };
  const PlanSandbox lab(
      files_plan("{one: [one.x, one.y]}", ", tokenizer: {type: sentencepiece, source_model: s.model}"));
  write_texts(lab.path());
  write_file(lab.path() / "s.model", learned(0));
  const Ended first = lab.run();
  INFO(first.err);
  CHECK(first.code == 0);
  write_file(lab.path() / "s.model", learned(2));
  const Ended end = lab.run();
  CHECK(end.code == 2);
  CHECK(has(end.err, "was trained with data.tokenizer.source_model s.model, which has changed since (sha256 "));
  const Ended seed = lab.run({"--seeds", "2"});
  CHECK(seed.code == 2);
  CHECK(has(seed.err,
            "error: runs/tiny: its runs used other text (source.model) than the plan's data has now; keep "
            "it with --out FOLDER, or remove it\n"));
}

TEST_CASE("stale: translations by other programs follow the plan and its files", "[cli]") {
  const std::string plan = files_plan();
  const Texts texts(plan);
  const PlanSandbox& lab = texts.lab;
  write_file(lab.path() / "moses", read_file(lab.path() / "one.y"));
  lab.change(plan + "report: {external: {moses: {one: moses}}}\n");
  const auto said = [&] {
    const Ended end = lab.run();
    INFO(end.err);
    CHECK(end.code == 0);
    fs::remove_all(lab.path() / "runs/fresh");
    CHECK(lab.run({"--out", "runs/fresh"}).code == 0);
    CHECK(json_of(lab / "report/results.json") == json_of(lab.path() / "runs/fresh/report/results.json"));
    return end.out;
  };
  const std::string good = said();
  const std::string scores = read_file(lab / "report/results.json");
  CHECK(has(good, "\nmoses"));
  write_file(lab.path() / "moses", "a\nb\nc\nd\ne\n");
  CHECK(has(said(), "\nmoses"));
  CHECK(read_file(lab / "report/results.json") != scores);
  lab.change(plan);
  CHECK_FALSE(has(said(), "\nmoses"));
  CHECK(regard(lab.path(), {"report", "runs/tiny", "--add", "hand:one=one.y"}).code == 0);
  CHECK(has(lab.run().out, "\nhand"));
  CHECK(regard(lab.path(), {"report", "runs/tiny", "--remove", "hand"}).code == 0);
  CHECK_FALSE(has(lab.run().out, "\nhand"));
}

TEST_CASE("stale: damaged prepared text is made again", "[cli]") {
  const Texts texts(files_plan());
  const std::string ids = read_file(texts.lab / "data/prepared/target.ids");
  std::string other = ids.substr(4) + ids.substr(0, 4);
  REQUIRE(other != ids);
  write_file(texts.lab / "data/prepared/target.ids", other);
  const Ended end = texts.lab.run({"--seeds", "1,2"});
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(read_file(texts.lab / "data/prepared/target.ids") == ids);
  CHECK(texts.lab.run({"--seeds", "1,2", "--out", "runs/fresh"}).code == 0);
  CHECK(texts.lab.digest() == regard(texts.lab.path(), {"digest", "runs/fresh"}).out);
}

TEST_CASE("stale: tuning keeps its choice for systems outside of --only and is removed with its key", "[cli]") {
  const std::string plan = tiny_plan(kBoth, "[1]");
  const std::string tune = "tune: {grid: {training.learning_rate: [0.001, 0.02]}, seeds: [7]}\n";
  const PlanSandbox lab(plan + tune);
  CHECK(lab.run().code == 0);
  const std::string resolved = read_file(lab / "plan.resolved.yaml");
  const std::string tuning = read_file(lab / "tune.json");
  CHECK(lab.run({"--only", "general"}).code == 0);
  CHECK(read_file(lab / "plan.resolved.yaml") == resolved);
  CHECK(read_file(lab / "tune.json") == tuning);
  CHECK(has(lab.run().err, "0 runs to do, 2 done before"));
  lab.change(plan);
  CHECK(lab.run({"--retrain"}).code == 0);
  CHECK(lab.digest() == fresh(plan));
  CHECK_FALSE(has(read_file(lab / "report/index.html"), "Tuned for"));
}

TEST_CASE("stale: verify names a run that does not belong to the folder's plan", "[cli]") {
  const PlanSandbox lab(tiny_plan("{general: {model.attention: general}}", "[1]"));
  CHECK(lab.run().code == 0);
  std::string plan = read_file(lab / "plan.resolved.yaml");
  const std::string from = "precision: float32";
  REQUIRE(has(plan, from));
  plan.replace(plan.find(from), from.size(), "precision: bfloat16");
  write_file(lab / "plan.resolved.yaml", plan);
  const Ended end = regard(lab.path(), {"verify", "runs/tiny"});
  CHECK(end.code == 1);
  CHECK(has(end.out,
            "runs/tiny/general/seed-1/run.yaml: has model.precision \"float32\", but the "
            "plan has \"bfloat16\" (plan.resolved.yaml)\n"));
}

TEST_CASE("stale: a damaged history is named when its training continues", "[cli]") {
  for (const bool number : {false, true}) {
    const PlanSandbox lab(tiny_plan("{general: {model.attention: general}}", "[1]"));
    CHECK(lab.run().code == 0);
    const fs::path file = lab / "general/seed-1/history.jsonl";
    std::string text = read_file(file);
    const std::string key = "\"valid_loss\":";
    REQUIRE(has(text, key));
    if (number) text[text.find(key) + key.size()] ^= 1;
    if (!number) text.erase(text.find('\n') + 1);
    write_file(file, text);
    lab.change(tiny_plan("{general: {model.attention: general}}", "[1]", "3"));
    const Ended end = lab.run();
    CHECK(end.code == 1);
    CHECK(has(end.err,
              "runs/tiny/general/seed-1/history.jsonl: is damaged: its first 2 lines are not those of the "
              "validations before the checkpoint; put the file back, or train this run again from the start "
              "with --retrain"));
    CHECK(lab.run({"--retrain"}).code == 0);
    CHECK(lab.digest() == fresh(tiny_plan("{general: {model.attention: general}}", "[1]", "3")));
  }
}

TEST_CASE("stale: a plan edited at random has the results of a fresh run", "[cli]") {
  const TempFolder folder;
  const torture::EditSettings settings{.program = REGARD_PROGRAM, .folder = folder / "edits", .edits = 6};
  const auto outcome = torture::edit(settings, [](const std::string& line) { UNSCOPED_INFO(line); });
  CHECK(outcome.edits == 6);
  CHECK(outcome.differences == std::vector<std::string>{});
}

}  // namespace regard::test
