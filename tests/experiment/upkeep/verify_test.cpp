#include "framework/experiment/upkeep/verify.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "framework/base/errors.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"
#include "tests/support/tiny_run.h"

namespace regard::experiment {
namespace {

using Sentences = std::vector<std::string>;

// One finished run of system `general` and none of `vanilla`, done once for all cases.
const test::TinyRuns& made() {
  static const test::TinyRuns runs;
  static const bool done = [] {
    runs.run("general");
    return true;
  }();
  REQUIRE(done);
  return runs;
}

// A copy of it, to be changed.
class Copy final {
 public:
  Copy() {
    std::filesystem::copy(made().folder.folder, place_ / "runs", std::filesystem::copy_options::recursive);
  }
  void change(const std::string& name, const std::string& from, const std::string& to) const {
    std::string text = read_file(folder() / name);
    const std::size_t at = text.find(from);
    INFO(name << ": " << text);
    REQUIRE(at != std::string::npos);
    write_file(folder() / name, text.replace(at, from.size(), to));
  }
  // The sentences, without the folder in front.
  [[nodiscard]] Sentences said() const {
    Sentences all = verify(folder()).disagreements;
    for (std::string& sentence : all) {
      if (sentence.starts_with(folder().string() + "/")) sentence.erase(0, folder().string().size() + 1);
    }
    return all;
  }
  // Whether one of them is that.
  [[nodiscard]] bool says(const std::string& sentence) const {
    const Sentences all = said();
    for (const std::string& one : all) {
      if (one == sentence) return true;
      UNSCOPED_INFO(one);
    }
    return false;
  }
  [[nodiscard]] Path folder() const { return place_ / "runs"; }

 private:
  test::TempFolder place_;
};

const std::string kRun = "general/seed-1/";

}  // namespace

TEST_CASE("verify: a folder as it was made agrees and says how much was looked at") {
  const Copy copy;
  const Verification found = verify(copy.folder());
  CHECK(found.disagreements.empty());
  CHECK(found.hashes > 10);
  CHECK(found.checkpoints >= 1);
  CHECK(found.scores > 4);
}

TEST_CASE("verify: a file that changed or is gone is named with who says so") {
  const Copy copy;
  copy.change(kRun + "hypotheses/test.txt", "\n", " x\n");
  CHECK(copy.says(kRun + "hypotheses/test.txt: does not have the hash in manifest.json"));
  copy.change("data/source.vocab", "s1\n", "t1\n");
  CHECK(copy.says("data/source.vocab: does not have the hash in data.json"));
  std::filesystem::remove(copy.folder() / kRun / "hypotheses/test_long.txt");
  CHECK(copy.says(kRun + "hypotheses/test_long.txt: is missing, but manifest.json names it"));
}

TEST_CASE("verify: scores are computed again from the translations") {
  const Copy copy;
  auto scores = nlohmann::json::parse(read_file(copy.folder() / kRun / "scores.json"));
  const auto changed = [&](const char* key, const nlohmann::json& value) {
    auto other = scores;
    auto& test = other["tests"]["test"];
    (std::string(key) == "sentences" || std::string(key) == "perplexity" ? test : test["bleu"]["13a"])[key] =
        value;
    write_file(copy.folder() / kRun / "scores.json", other.dump(2));
  };
  changed("score", 99.5);
  const Sentences said = copy.said();
  CHECK(std::any_of(said.begin(), said.end(), [](const std::string& sentence) {
    return sentence.starts_with(
        kRun + "scores.json: has BLEU 99.5 for test.txt with tokeniser 13a, but the translations ");
  }));
  changed("hyp_len", 12345);
  CHECK(copy.says(
      kRun +
      "scores.json: has other precisions, lengths or signature for test.txt with tokeniser 13a than the translations have"));
  changed("sentences", 9);
  CHECK(copy.says(kRun + "scores.json: has 9 sentences for test, but the test set has 4"));
  auto other = scores;
  other["tests"]["test"]["bleu"]["mine"] = other["tests"]["test"]["bleu"]["13a"];
  write_file(copy.folder() / kRun / "scores.json", other.dump(2));
  CHECK(copy.says(kRun + "scores.json: has BLEU of test.txt with tokeniser mine, which regard cannot compute"));
  write_file(copy.folder() / kRun / "hypotheses/test.txt", "one line\n");
  CHECK(copy.says(kRun + "hypotheses/test.txt: has 1 lines for 4 sentences"));
}

TEST_CASE("verify: history and status agree on the best update and updates only grow") {
  const Copy copy;
  copy.change(kRun + "status.json", "\"best_update\": 3", "\"best_update\": 2");
  CHECK(copy.says(kRun + "status.json: has update 2 as the best, but history.jsonl has 3"));
  const std::string history = read_file(copy.folder() / kRun / "history.jsonl");
  write_file(copy.folder() / kRun / "history.jsonl", history + history);
  CHECK(copy.says(kRun + "history.jsonl: has update 3 after update 3"));
}

TEST_CASE("verify: a checkpoint is read to its end and a damaged file stops nothing else") {
  const Copy copy;
  const Path best = copy.folder() / kRun / "checkpoints/best.safetensors";
  const std::string bytes = read_file(best);
  write_file(best, bytes.substr(0, bytes.size() - 9));
  copy.change(kRun + "hypotheses/test.txt", "\n", " x\n");
  const Sentences said = copy.said();
  CHECK(std::count(said.begin(), said.end(),
                   kRun + "checkpoints/best.safetensors: does not have the hash in manifest.json") == 1);
  CHECK(std::count_if(said.begin(), said.end(), [](const std::string& sentence) {
          return sentence.starts_with(kRun + "checkpoints/best.safetensors: ");
        }) == 2);
  CHECK(copy.says(kRun + "hypotheses/test.txt: does not have the hash in manifest.json"));
  write_file(copy.folder() / "data/data.json", "{");
  CHECK(copy.says(kRun + "hypotheses/test.txt: does not have the hash in manifest.json"));
}

TEST_CASE("verify: a run of another plan than the folder's is named") {
  const Copy copy;
  copy.change(kRun + "run.yaml", "beam: 5", "beam: 4");
  CHECK(copy.says(kRun + "run.yaml: has decoding.beam \"4\", but the plan has \"5\" (plan.resolved.yaml)"));
}

TEST_CASE("verify: a run that has not finished is no finding and a folder without a plan is refused") {
  const Copy copy;
  std::filesystem::remove(copy.folder() / kRun / "status.json");
  std::filesystem::remove(copy.folder() / kRun / "scores.json");
  CHECK(copy.said().empty());
  const test::TempFolder empty;
  CHECK(testing::thrown<FolderError>([&] { static_cast<void>(verify(empty.path())); }) ==
        empty.path().string() +
            ": is not a run folder: it has no plan.resolved.yaml; give the folder that `regard run` wrote");
}

}  // namespace regard::experiment
