// Tests the data section end to end: sampled encodings, windows, joined pairs, tokenised references.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "framework/base/sha256.h"
#include "tests/cli/text_sandbox.h"

namespace regard::test {
namespace {

std::string plan(const std::string& data, const std::string& batch, const std::string& training = "") {
  return "name: tiny\ndata: {corpus: {type: chat_noir, train: 300, valid: 20, test: 20, test_long: 10}" + data +
         "}\nmodel: {embedding: 8, hidden: 8}\nsystems: {general: {model.attention: general}}\n"
         "training: {batch: " +
         batch + ", epochs: 3" + training + "}\ndecoding: {beam: 2}\n";
}

}  // namespace

TEST_CASE("data: a training with windows and sampled encodings resumes exactly in the middle of an epoch",
          "[cli]") {
  const std::string data =
      ", tokenizer: {type: sentencepiece, size: 200, algorithm: unigram, nbest: 4, alpha: 0.3}";
  const std::string batch = "{sentences: 8, window: 64}";
  const std::string whole = fresh(plan(data, batch));
  for (const char* stop : {"20", "57"}) {
    INFO("stopped after update " << stop);
    const PlanSandbox lab(plan(data, batch, fmt::format(", max_updates: {}", stop)));
    CHECK(lab.run({"--threads", "1"}).code == 0);
    lab.change(plan(data, batch));
    CHECK(lab.run({"--threads", "2"}).code == 0);
    CHECK(lab.digest() == whole);
  }
  const auto history = [](const std::string& text) {
    const PlanSandbox lab(text);
    CHECK(lab.run().code == 0);
    return read_file(lab / "general/seed-1/history.jsonl");
  };
  const std::string best = ", tokenizer: {type: sentencepiece, size: 200, algorithm: unigram}";
  CHECK(history(plan(data, batch)) != history(plan(best, batch)));
  CHECK(history(plan(data, batch)) != history(plan(data, "{sentences: 8}")));
}

TEST_CASE("data: workers use the text that the parent prepared and it is not in the digest", "[cli]") {
  const PlanSandbox lab(plan("", "{sentences: 16}"));
  CHECK(lab.run().code == 0);
  const std::string digest = lab.digest();
  const fs::path ids = lab / "data/prepared/source.ids";
  CHECK(fs::exists(ids));
  const auto made = fs::last_write_time(ids);
  CHECK(lab.run({"--seeds", "1,2"}).code == 0);
  CHECK(fs::last_write_time(ids) == made);
  fs::remove_all(lab / "data/prepared");
  CHECK(lab.run({"--seeds", "1-3"}).code == 0);
  CHECK(fs::exists(ids));
  CHECK(lab.run({"--seeds", "1"}).code == 0);
  CHECK(lab.digest() != "");
}

TEST_CASE("data: workers take the hashes of the plan's files from their parent", "[cli]") {
  const Texts texts(files_plan());
  const PlanSandbox& lab = texts.lab;
  const std::string record = read_file(lab / "general/seed-1/run.yaml");
  const std::string hash = sha256(read_file(lab.path() / "train.x"));
  REQUIRE(has(record, hash));
  // A file that changes behind the parent's back: what was prepared, and is trained on, is what the parent read.
  write_file(lab.path() / "train.x", "w9 w8 w7\n" + read_file(lab.path() / "train.x").substr(9));
  fs::remove_all(lab / "general");
  CHECK(regard(lab.path(), {"worker", "runs/tiny", "general", "1"}).code == 0);
  CHECK(read_file(lab / "general/seed-1/run.yaml") == record);
  CHECK(lab.run().code == 2);
}

TEST_CASE("data: joined pairs enlarge the training text and add test sets that are translated and scored",
          "[cli]") {
  const PlanSandbox lab(plan(", join: {train: [1, 2], test: [1, 3]}", "{sentences: 16}"));
  CHECK(lab.run().code == 0);
  const auto facts = nlohmann::json::parse(read_file(lab / "data/data.json"));
  CHECK(facts.at("train").at("sentences") == 300 + 150);
  CHECK(facts.at("valid").at("sentences") == 20 + 10);
  CHECK(facts.at("tests").at("test").at("sentences") == 20);
  CHECK(facts.at("tests").at("test_x3").at("sentences") == 6);
  const auto scores = nlohmann::json::parse(read_file(lab / "general/seed-1/scores.json"));
  CHECK(scores.at("tests").contains("test_long_x3"));
  CHECK(has(read_file(lab / "report/report.md"), "test_x3"));
}

TEST_CASE("data: plain text with tokenised references has both scores in results and table", "[cli]") {
  const PlanSandbox lab(
      "name: tiny\ndata: {files: {train: [a.x, a.y], valid: [a.x, a.y], test: {one: [a.x, a.y]}, tokenized: {one: "
      "t.y}}}\n"
      "model: {embedding: 4, hidden: 4}\nsystems: {v: {model.attention: none}}\ntraining: {epochs: 1}\n");
  write_file(lab.path() / "a.x", "A b.\nB c.\n");
  write_file(lab.path() / "a.y", "B a.\nC b.\n");
  write_file(lab.path() / "t.y", "b a .\nc b .\n");
  CHECK(lab.run().code == 0);
  const auto scores =
      nlohmann::json::parse(read_file(lab / "v/seed-1/scores.json")).at("tests").at("one").at("bleu");
  CHECK(has(scores.at("none").at("signature"), "case:lc"));
  CHECK(has(scores.at("13a").at("signature"), "case:mixed"));
  CHECK(scores.at("none").at("ref_len") == 6);
  const std::string column = "BLEU one, lower-cased and tokenised";
  CHECK(has(read_file(lab / "report/report.md"), column));
  CHECK(has(read_file(lab / "report/index.html"), column));
  CHECK(has(read_file(lab / "report/results.json"), "case:lc"));
  CHECK(regard(lab.path(), {"verify", "runs/tiny"}).code == 0);
  write_file(lab.path() / "t.y", "b a .\n");
  const Ended end = lab.run({"--seeds", "1,2"});
  CHECK(end.code == 2);
  CHECK(end.err.ends_with("error: t.y: has 1 lines, but a.y, of which it should be the tokenised form, has 2\n"));
}

TEST_CASE("data: tokenised references without a test set are refused", "[cli]") {
  const PlanSandbox lab(
      "name: tiny\ndata: {files: {train: [a.x, a.y], valid: [a.x, a.y], test: {one: [a.x, a.y]}, tokenized: {two: "
      "t.y}}}\nsystems: {v: {model.attention: none}}\n");
  CHECK(lab.run().err ==
        "error: p.yaml:2:96: data.files.tokenized.two: there is no test set of this name in "
        "data.files.test\n");
}

TEST_CASE("data: a vocabulary or tokeniser model that does not belong to the checkpoint is refused", "[cli]") {
  const PlanSandbox lab(plan(", tokenizer: {type: sentencepiece, size: 200}", "{sentences: 16}"));
  CHECK(lab.run().code == 0);
  for (const char* name : {"target.vocab", "source.model"}) {
    const fs::path file = lab / (std::string("data/") + name);
    const std::string kept = read_file(file);
    std::string other = kept;
    const std::size_t line = other.find('\n', 40);
    std::swap(other[line - 1], other[line + 1]);  // the same size as before
    write_file(file, other);
    const Ended end = regard(lab.path(), {"attend", "--model", "runs/tiny/general/seed-1", "the cat"});
    CHECK(end.code == 2);
    CHECK(
        end.err ==
        fmt::format("error: runs/tiny/data/{}: does not belong to the checkpoints of its folder: its hash is not "
                    "the one in data.json; restore the file that was used to train them\n",
                    name));
    write_file(file, kept);
  }
}

TEST_CASE("data: text in another normal form gives a warning or is normalised", "[cli]") {
  const std::string head =
      "name: tiny\ndata: {files: {train: [a.x, a.y], valid: [a.x, a.y], test: {one: [d.x, a.y]}}";
  const std::string rest =
      "}\nmodel: {embedding: 4, hidden: 4}\nsystems: {g: {model.attention: general}}\ntraining: {epochs: 1}\n";
  const PlanSandbox lab(head + rest);
  write_file(lab.path() / "a.x", "caf\u00E9 b\nb c\n");
  write_file(lab.path() / "a.y", "b a\nc b\n");
  write_file(lab.path() / "d.x", "cafe\u0301 b\nb c\n");
  const Ended end = lab.run();
  CHECK(end.code == 0);
  CHECK(has(
      end.err,
      "1 of 2 source lines of test set 'one' are not in Unicode's composed form (NFC), but the training text is: "
      "words that look the same are unknown to the model; set data.text.normalize to nfc"));
  const PlanSandbox same(head + ", text: {normalize: nfc}" + rest);
  for (const char* name : {"a.x", "a.y", "d.x"}) write_file(same.path() / name, read_file(lab.path() / name));
  const Ended good = same.run();
  CHECK(good.code == 0);
  CHECK_FALSE(has(good.err, "composed form"));
  CHECK(read_file(same / "data/tests/one.source") == "caf\u00E9 b\nb c\n");
  const Ended attend = regard(same.path(), {"attend", "--model", "runs/tiny/g/seed-1", "cafe\u0301 b"});
  CHECK(attend.code == 0);
  CHECK_FALSE(has(attend.err, "not in the"));
}

TEST_CASE("data: lines with both sides, a tokeniser a side and a held-out validation train, resume and translate",
          "[cli]") {
  const test::TempFolder text;
  std::string lines;
  for (int i = 0; i < 90; ++i) lines += fmt::format("IN: w{} b{} OUT: X{} Y\n", i % 7, i % 5, i % 7);
  write_file(text / "train.txt", lines);
  write_file(text / "words.txt", "w1 b2\n");
  write_file(text / "test.txt", lines.substr(0, lines.find('\n', 200) + 1));
  const auto plan = [&](const std::string& training) {
    return fmt::format(
        "name: tiny\ndata:\n  files: {{line: \"IN: {{source}} OUT: {{target}}\", train: [{0}/train.txt], test: {{test: "
        "[{0}/test.txt]}}, hold_out: {{share: 0.2}}}}\n  tokenizer: {{source: char, target: {{type: sentencepiece, size: 12}}}}\n"
        "model: {{embedding: 8, hidden: 8}}\nsystems: {{general: {{model.attention: general}}}}\n"
        "training: {{batch: {{sentences: 8}}, epochs: 2, best_by: exact_match{1}}}\ndecoding: {{beam: 2}}\n"
        "report: {{metrics: [exact_match, per]}}\n",
        text.path().string(), training);
  };
  const PlanSandbox whole(plan(""));
  const Ended end = whole.run();
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(fs::exists(whole / "data/target.model"));
  CHECK_FALSE(fs::exists(whole / "data/source.model"));
  const PlanSandbox cut(plan(", max_updates: 5"));
  CHECK(cut.run().code == 0);
  cut.change(plan(""));
  CHECK(cut.run().code == 0);
  CHECK(cut.digest() == whole.digest());
  CHECK(regard(whole.path(), {"verify", "runs/tiny"}).code == 0);
  CHECK(has(read_file(whole / "report/report.md"), "| system | EM test | PER test | n |"));
  const auto scores = json_of(whole / "report/results.json")["systems"][0]["tests"]["test"];
  CHECK(scores["exact_match"]["mean"].get<double>() >= 0);
  CHECK(scores["per"]["mean"].get<double>() >= 0);
  CHECK(json_of(whole / "general/seed-1/manifest.json")["best_by"] == "exact_match");
  const Ended translated =
      regard(whole.path(), {"translate", "--model", "runs/tiny/general/seed-1", (text / "words.txt").string()});
  INFO(translated.err);
  CHECK(translated.code == 0);
  // Another form or other held-out lines are another text.
  cut.change(plan("") + "# other\n");
  CHECK(has(cut.run({"--set", "data.files.hold_out.seed=2"}).err, "data.files.hold_out.seed"));
}

}  // namespace regard::test
