// Comparisons alone: a run's record and status are written by hand. tests/cli/stale_test.cpp trains and edits plans.
#include "framework/experiment/run/resume_state.h"

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/config/write.h"
#include "framework/runs/results_json.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tensors.h"

namespace regard::experiment {
namespace {

Plan plan_of(const std::string& keys) {
  return make_plan(
      config::parse_yaml("name: p\nsystems: {a: {model.attention: dot}}\n" +
                             (keys.find("data:") == std::string::npos ? "data: {corpus: reverse}\n" + keys : keys),
                         "p.yaml"));
}

// A folder whose run of system `a` with seed 1 was made by a plan.
class Made final {
 public:
  explicit Made(const std::string& keys) : folder{place_ / "runs"}, run(folder.run("a", 1)) {
    const Plan plan = plan_of(keys);
    ContentHashes hashes;
    make_folder(run.folder);
    write_file(run.identity(), config::to_yaml(identity_of(plan, plan.systems[0], 1, run, hashes)));
    set_status(true);
  }
  void set_status(bool finished) const {
    runs::Status status;
    status.finished = finished;
    if (!finished) status.reason = "step 3: loss is nan";
    write_file(run.status(), to_json(status));
  }
  [[nodiscard]] ResumeState state(const std::string& keys, bool retrain = false) const {
    const Plan plan = plan_of(keys);
    ContentHashes hashes;
    return resume_state_of(plan, plan.systems[0], 1, folder, retrain, hashes);
  }
  // The message, without the folder's path in front.
  [[nodiscard]] std::string refused(const std::string& keys) const {
    const std::string text = testing::thrown<FolderError>([&] { static_cast<void>(state(keys)); });
    const std::string start = run.folder.string() + ": ";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  }
  [[nodiscard]] std::string difference(const std::string& keys) const {
    const Plan plan = plan_of(keys);
    return difference_from(plan, plan.systems[0], 1, run);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (place_ / name).string(); }

 private:
  test::TempFolder place_;

 public:
  runs::RunFolder folder;
  runs::RunPaths run;
};

const std::string kKeep = "; keep it with --out FOLDER, or discard it and train again with --retrain";
const std::string kFine = "nothing was thrown";

}  // namespace

TEST_CASE("resume state: a run of the same plan is finished and one without a record or an end is missing") {
  const Made made("model: {hidden: 8}\n");
  CHECK(made.state("model: {hidden: 8}\n") == ResumeState::finished);
  CHECK(is_finished(made.run));
  std::filesystem::remove(made.run.status());
  CHECK(made.state("model: {hidden: 8}\n") == ResumeState::missing);
  CHECK_FALSE(is_finished(made.run));
  std::filesystem::remove(made.run.identity());
  CHECK(made.state("model: {hidden: 10}\n") == ResumeState::missing);
}

TEST_CASE("resume state: one that failed goes on unless it is to be trained again") {
  const Made made("");
  made.set_status(false);
  CHECK(made.state("") == ResumeState::missing);
  CHECK(made.state("", true) == ResumeState::discarded);
  made.set_status(true);
  CHECK(made.state("", true) == ResumeState::finished);
}

TEST_CASE("resume state: another training is refused with both values and discarded when told") {
  const Made made("model: {hidden: 8}\n");
  CHECK(made.refused("model: {hidden: 10}\n") ==
        "was trained with model.hidden \"8\", but the plan now has \"10\"" + kKeep);
  CHECK(made.refused("model: {hidden: 8}\ntraining: {optimizer: sgd}\n") ==
        "was trained with training.optimizer.type \"adam\", but the plan now has \"sgd\"" + kKeep);
  CHECK(made.refused("model: {hidden: 8}\ndata: {corpus: copy}\n").starts_with("was trained with data.corpus"));
  CHECK(made.state("model: {hidden: 10}\n", true) == ResumeState::discarded);
}

TEST_CASE("resume state: a longer training goes on and a shorter one is another") {
  const Made made("training: {epochs: 5, patience: 2}\n");
  CHECK(made.state("training: {epochs: 9, patience: 2}\n") == ResumeState::stale);
  CHECK(made.state("training: {epochs: 5, patience: 3}\n") == ResumeState::stale);
  CHECK(made.state("training: {epochs: 5, patience: 0}\n") == ResumeState::stale);  // no limit
  CHECK(made.refused("training: {epochs: 4, patience: 2}\n") ==
        "was trained with training.epochs \"5\", but the plan now has \"4\"" + kKeep);
  CHECK(made.refused("training: {epochs: 5, patience: 2, max_updates: 7}\n") ==
        "was trained with training.max_updates \"0\", but the plan now has \"7\"" + kKeep);
}

TEST_CASE("resume state: what no training reads is decoded again and what validation reads is not") {
  const Made made("");
  CHECK(made.state("decoding: {beam: 2}\n") == ResumeState::stale);
  CHECK(made.state("report: {attention_sentences: 3}\n") == ResumeState::stale);
  CHECK(made.refused("decoding: {max_length_extra: 3}\n") ==
        "was trained with decoding.max_length_extra \"10\", but the plan now has \"3\"" + kKeep);
}

TEST_CASE("resume state: test sets that come and go leave the others") {
  const std::string files = "data: {files: {train: [t.en, t.fr], valid: [v.en, v.fr], test: {x: [x.en, x.fr]";
  const Made made(files + "}}}\n");
  CHECK(made.state(files + ", y: [y.en, y.fr]}}}\n") == ResumeState::tests_differ);
  CHECK(made.state(files + "}}}\nreport: {attention_sentences: 3}\n") == ResumeState::stale);
  CHECK(made.refused("data: {files: {train: [t.en, t.fr], valid: [w.en, w.fr], test: {x: [x.en, x.fr]}}}\n")
            .starts_with("was trained with data.files.valid"));
}

TEST_CASE("resume state: a file of another content is another training or another text to translate") {
  const test::TempFolder texts;
  const auto file = [&](const std::string& name) { return (texts / name).string(); };
  for (const char* name : {"t", "v", "x", "d"}) write_file(file(name), "a b\n");
  const std::string keys = "data: {files: {train: [" + file("t") + ", " + file("t") + "], valid: [" + file("v") +
                           ", " + file("v") + "], test: {x: [" + file("x") + ", " + file("x") + "]}}}\n" +
                           "decoding: {replace_unknown: true, dictionary: " + file("d") + "}\n";
  const Made made(keys);
  CHECK(made.state(keys) == ResumeState::finished);
  write_file(file("x"), "c d\n");
  CHECK(made.state(keys) == ResumeState::stale);
  write_file(file("x"), "a b\n");
  write_file(file("d"), "c d\n");
  CHECK(made.state(keys) == ResumeState::stale);
  std::filesystem::remove(file("d"));  // what the run has of it is enough
  CHECK(made.state(keys) == ResumeState::finished);
  write_file(file("t"), "c d\n");
  const std::string said = made.refused(keys);
  INFO(said);
  CHECK(
      said.starts_with("was trained with data.files.train.1 " + file("t") + ", which has changed since (sha256 "));
  CHECK(said.ends_with(" now)" + kKeep));
}

TEST_CASE("resume state: a record of another version is refused or discarded") {
  const Made made("");
  write_file(made.run.identity(), "format: 0\n");
  CHECK(made.refused("") == "was made by another version of regard (" + made.run.identity().string() +
                                ": format 0, but this version reads 1)" + kKeep);
  CHECK(made.state("", true) == ResumeState::discarded);
  write_file(made.run.identity(), "model: {old_key: 3}\n");
  CHECK(made.refused("").starts_with("was made by another version of regard ("));
}

TEST_CASE("resume state: what a state keeps is kept and the rest is gone") {
  const auto left = [](ResumeState state) {
    const Made made("");
    for (const char* name : {"hypotheses/x.txt", "attention/x.jsonl", "checkpoints/best.safetensors"}) {
      make_folder((made.run.folder / name).parent_path());
      write_file(made.run.folder / name, "");
    }
    write_file(made.run.scores(), "{}");
    clear(made.run, state);
    std::string all;
    for (const char* name : {"status.json", "scores.json", "hypotheses", "attention", "checkpoints", "run.yaml"})
      if (std::filesystem::exists(made.run.folder / name)) all += std::string(all.empty() ? "" : " ") + name;
    return all;
  };
  CHECK(left(ResumeState::finished) == "status.json scores.json hypotheses attention checkpoints run.yaml");
  CHECK(left(ResumeState::missing) == "scores.json hypotheses attention checkpoints run.yaml");
  CHECK(left(ResumeState::tests_differ) == "scores.json hypotheses attention checkpoints run.yaml");
  CHECK(left(ResumeState::stale) == "checkpoints run.yaml");
  CHECK(left(ResumeState::discarded) == "");
}

TEST_CASE("resume state: a difference names the first key and both values") {
  const Made made("model: {hidden: 8}\n");
  CHECK(made.difference("model: {hidden: 8}\n") == "");
  CHECK(made.difference("model: {hidden: 10}\n") == "has model.hidden \"8\", but the plan has \"10\"");
  CHECK(made.difference("model: {hidden: 8}\ndecoding: {beam: 2}\n") ==
        "has decoding.beam \"5\", but the plan has \"2\"");
}

TEST_CASE(
    "resume state: a record has every section and the hashes of its files and keeps that of one that is gone") {
  const test::TempFolder folder;
  const std::string vectors = (folder / "v").string();
  write_file(vectors, "a 1\n");
  const std::string keys = "model: {encoder: {embeddings: " + vectors + "}}\n";
  const Made made(keys);
  const config::Node record = config::parse_yaml(read_file(made.run.identity()), "run.yaml");
  for (const char* key : {"format", "data", "model", "training", "decoding", "report", "seed", "files"}) {
    INFO(key);
    CHECK(record.get(key) != nullptr);
  }
  const std::string hash = record.get("files")->get("model.encoder.embeddings")->scalar;
  CHECK(hash.size() == 64);
  std::filesystem::remove(vectors);
  const Plan plan = plan_of(keys);
  ContentHashes hashes;
  const config::Node again = identity_of(plan, plan.systems[0], 1, made.run, hashes);
  CHECK(again.get("files")->get("model.encoder.embeddings")->scalar == hash);
  CHECK(identity_of(plan, plan.systems[0], 1, made.folder.run("a", 2), hashes).get("files") == nullptr);
}

TEST_CASE("resume state: a training has begun where there is a checkpoint to go on from") {
  const Made made("");
  CHECK_FALSE(is_begun(made.run));
  make_folder(made.run.checkpoints());
  write_file(made.run.best_checkpoint(), "");
  CHECK_FALSE(is_begun(made.run));
  write_file(made.run.previous_checkpoint(), "");
  CHECK(is_begun(made.run));
  std::filesystem::remove(made.run.previous_checkpoint());
  write_file(made.run.last_checkpoint(), "");
  CHECK(is_begun(made.run));
}

}  // namespace regard::experiment
