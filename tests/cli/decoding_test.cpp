// Tests the keys of `decoding:` in `regard run`, by the files that each writes.
#include <set>

#include "tests/cli/plan_sandbox.h"

namespace regard::test {
namespace {

std::string plan_with(const std::string& decoding) {
  std::string plan = tiny_plan("{general: {model.attention: general}}", "[1]");
  // A source vocabulary without its rare words, so that there are unknown ones.
  plan.replace(plan.find("model:"), 6, "  vocabulary: {max_size: 4}\nmodel:");
  plan.replace(plan.find("decoding:"), std::string::npos, "decoding: {" + decoding + "}\n");
  return plan;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::vector<std::string> lines;
  const std::string text = read_file(file);
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    lines.push_back(text.substr(at, text.find('\n', at) - at));
  return lines;
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

}  // namespace

TEST_CASE("regard run: changed options of decoding decode again with the files of a fresh run", "[cli]") {
  const std::string later =
      "beam: 4, nbest: 3, length_norm: gnmt, length_penalty: 0.6, "
      "coverage_penalty: 0.2, min_length: 3, block_ngrams: 2";
  const PlanSandbox lab(plan_with("beam: 2"));
  CHECK(lab.run().code == 0);
  const auto history = read_file(lab / "general/seed-1/history.jsonl");
  lab.change(plan_with(later));
  const Ended end = lab.run();
  INFO(end.err);
  CHECK(end.code == 0);
  CHECK(read_file(lab / "general/seed-1/history.jsonl") == history);  // nothing is trained again
  CHECK(lab.digest() == fresh(plan_with(later)));
  const auto best = lines_of(lab / "general/seed-1/hypotheses/test.txt");
  const auto nbest = lines_of(lab / "general/seed-1/hypotheses/test.nbest.txt");
  REQUIRE(nbest.size() == 3 * best.size());
  for (std::size_t i = 0; i < best.size(); ++i) {
    CHECK(nbest[3 * i].starts_with(std::to_string(i) + " ||| " + best[i] + " ||| score: "));
    const auto words = words_of(best[i]);
    CHECK(words.size() >= 3);
    std::set<std::pair<std::string, std::string>> pairs;
    for (std::size_t w = 0; w + 1 < words.size(); ++w) CHECK(pairs.insert({words[w], words[w + 1]}).second);
  }
  // And back: the list is removed with the key.
  lab.change(plan_with("beam: 2"));
  CHECK(lab.run().code == 0);
  CHECK_FALSE(fs::exists(lab / "general/seed-1/hypotheses/test.nbest.txt"));
}

TEST_CASE("regard run: unknown words are replaced in lines and not in tokens", "[cli]") {
  const TempFolder folder;
  write_file(folder / "words", "s1 one\ns2 two and two\n");
  const std::string dictionary = (folder / "words").string();
  const PlanSandbox lab(plan_with("beam: 2, replace_unknown: true, dictionary: " + dictionary));
  const Ended end = lab.run();
  INFO(end.err);
  CHECK(end.code == 0);
  const auto lines = lines_of(lab / "general/seed-1/hypotheses/test.txt");
  const auto tokens = lines_of(lab / "general/seed-1/hypotheses/test.tokens.txt");
  int unknown = 0;
  for (const std::string& line : tokens) unknown += has(line, "<unk>") ? 1 : 0;
  CHECK(unknown > 0);
  for (const std::string& line : lines) CHECK_FALSE(has(line, "<unk>"));
  // The run keeps the dictionary, so that it translates after the file was deleted.
  fs::remove(folder / "words");
  const Ended again = regard(lab.path(), {"translate", "--model", "runs/tiny/general/seed-1",
                                          "runs/tiny/data/tests/test.source", "--alignments"});
  CHECK(again.code == 0);
  CHECK(again.err.empty());
  for (const std::string& line : lines) CHECK(has(again.out, line + " ||| "));
  const Ended exported =
      regard(lab.path(), {"translate", "--model", "runs/tiny/general/seed-1", "--export", "out"});
  CHECK(exported.code == 0);
  CHECK(read_file(lab.path() / "out/general/seed-1/dictionary.txt") == "s1 one\ns2 two and two\n");
  // A plan without it removes the copy.
  lab.change(plan_with("beam: 2"));
  CHECK(lab.run().code == 0);
  CHECK_FALSE(fs::exists(lab / "general/seed-1/dictionary.txt"));
}

TEST_CASE("regard run: a plan can sample its translations", "[cli]") {
  const std::string draws = "temperature: 1, top_k: 5, nbest: 2";
  const PlanSandbox lab(plan_with(draws));
  CHECK(lab.run({"--threads", "2"}).code == 0);
  CHECK(lab.digest() == fresh(plan_with(draws), {"--threads", "1"}));
  CHECK(read_file(lab / "general/seed-1/hypotheses/test.txt") !=
        read_file(lab / "general/seed-1/hypotheses/test.greedy.txt"));
}

}  // namespace regard::test
