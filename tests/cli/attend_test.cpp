// Tests `regard attend` and `regard new` with the real program.
#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "tests/cli/program.h"
#include "tests/support/catch.h"

namespace regard::test {
namespace {

namespace fs = std::filesystem;

// A folder with the finished runs of a tiny plan.
const fs::path& runs() {
  static const TempFolder folder;
  static const bool made = [] {
    write_file(
        folder / "p.yaml",
        tiny_plan("{vanilla: {model.attention: none}, general: {model.attention: general},\n"
                  " coverage: {model.attention: coverage, model.decoder.input_feeding: true},\n"
                  " heads: {model.attention: {type: multi_head, heads: 2}}, copies: {model.attention: pointer}}",
                  "[1]"));
    return regard(folder.path(), {"run", "p.yaml"}).code == 0;
  }();
  REQUIRE(made);
  return folder.path();
}

std::string refusal(const std::vector<std::string>& words) {
  const Ended end = regard(runs(), words);
  CHECK(end.code == 2);
  CHECK(end.out.empty());
  REQUIRE(end.err.starts_with("error: "));
  return end.err.substr(7, end.err.size() - 8);
}

}  // namespace

TEST_CASE("regard attend: weights of the model's own translation equal those in the run's files", "[cli]") {
  for (const std::string system : {"general", "coverage"}) {
    const std::string run = "runs/tiny/" + system + "/seed-1";
    const std::string lines = read_file(runs() / run / "attention/test.jsonl");
    auto expected = nlohmann::json::parse(lines.substr(0, lines.find('\n')));
    const std::string source = read_file(runs() / "runs/tiny/data/tests/test.source");
    const Ended end = regard(runs(), {"attend", "--model", run, source.substr(0, source.find('\n')), "--json"});
    CHECK(end.code == 0);
    CHECK(end.err.empty());
    const auto found = nlohmann::json::parse(end.out);
    CHECK(found["source"] == expected["source"]);
    CHECK(found["target"] == expected["target"]);
    REQUIRE(found["weights"].size() == expected["weights"].size());
    for (std::size_t t = 0; t < found["weights"].size(); ++t) {
      for (std::size_t s = 0; s < found["source"].size(); ++s) {
        CHECK(found["weights"][t][s].get<double>() ==
              Approx(expected["weights"][t][s].get<double>()).margin(1e-4));
      }
    }
  }
}

TEST_CASE("regard translate: runs that copy and runs that do not write nothing together", "[cli]") {
  write_file(runs() / "in.txt", "a b\n");
  const std::string copies = "runs/tiny/copies/seed-1";
  const std::string general = "runs/tiny/general/seed-1";
  const std::string end = ", so the two choose among different words; name runs that all copy, or none";
  CHECK(refusal({"translate", "--model", copies, "--ensemble", general, "in.txt"}) ==
        general + ": copies no words of the source, and " + copies + " does" + end);
  CHECK(refusal({"translate", "--model", general, "--ensemble", copies, "in.txt"}) ==
        copies + ": copies words of the source, and " + general + " does not" + end);
  CHECK(regard(runs(), {"translate", "--model", copies, "in.txt"}).code == 0);
  CHECK(regard(runs(), {"attend", "--model", copies, "a zzz"}).code == 0);
}

TEST_CASE("regard attend: several maps are shown below their mean", "[cli]") {
  const std::string run = "runs/tiny/heads/seed-1";
  const Ended end = regard(runs(), {"attend", "--model", run, "a b", "--target", "b a"});
  INFO(end.out << end.err);
  CHECK(end.code == 0);
  for (const char* n : {"1", "2"})
    CHECK(end.out.find(std::string("\nmap ") + n +
                       " of 2, of which the weights above are the mean\n        a    b </s>\n") !=
          std::string::npos);
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--target", "b a"}}) {
    std::vector<std::string> words{"attend", "--model", run, "a b", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const auto found = nlohmann::json::parse(regard(runs(), words).out);
    REQUIRE(found["maps"].size() == 2);
    for (std::size_t t = 0; t < found["target"].size(); ++t) {
      for (std::size_t s = 0; s < 3; ++s) {
        const double mean = (found["maps"][0][t][s].get<double>() + found["maps"][1][t][s].get<double>()) / 2;
        CHECK(found["weights"][t][s].get<double>() == Approx(mean).margin(1e-5));
      }
    }
  }
  for (const char* file : {"test.jsonl", "test.forced.jsonl"}) {
    const std::string lines = read_file(runs() / run / "attention" / file);
    CHECK(nlohmann::json::parse(lines.substr(0, lines.find('\n')))["maps"].size() == 2);
  }
  CHECK(read_file(runs() / "runs/tiny/report/index.html").find("Its 2 maps, of which this is the mean") !=
        std::string::npos);
  const std::string lines = read_file(runs() / "runs/tiny/general/seed-1/attention/test.jsonl");
  CHECK(lines.find("maps") == std::string::npos);
}

TEST_CASE("regard attend: a forced target has one row for each word and one for its end", "[cli]") {
  const std::string run = "runs/tiny/general/seed-1/";
  const Ended end = regard(runs(), {"attend", "--model", run, "a b", "--target", "b a a", "--svg", "map.svg"});
  INFO(end.out << end.err);
  CHECK(end.code == 0);
  CHECK(end.out.starts_with("        a    b </s>\n"));
  CHECK(std::count(end.out.begin(), end.out.end(), '\n') == 5);
  CHECK(end.out.find('\x1b') == std::string::npos);
  CHECK(read_file(runs() / "map.svg").starts_with("<svg "));
  const Ended coloured = regard(runs(), {"attend", "--model", run, "a b", "--color", "always"});
  CHECK(coloured.out.find("\x1b[48;5;") != std::string::npos);
  const Ended unknown = regard(runs(), {"attend", "--model", run, "s4 zzz", "--target", "yyy s5"});
  CHECK(unknown.code == 0);
  CHECK(unknown.err ==
        "warning: not in the source vocabulary, so read as <unk>: zzz\n"
        "warning: not in the target vocabulary, so read as <unk>: yyy\n");
}

TEST_CASE("regard attend --intervene: results beside the runs are made once and reported", "[cli]") {
  const Ended before = regard(runs(), {"digest", "runs/tiny"});
  const Ended first = regard(runs(), {"attend", "runs/tiny", "--intervene"});
  INFO(first.out << first.err);
  CHECK(first.code == 0);
  CHECK(first.out.find("general seed 1: test with shuffled weights\n") != std::string::npos);
  CHECK(first.out.find(
            "heads seed 1: its context is not its weights times the encoder's states, so no other weights "
            "can be put in their place\n") != std::string::npos);
  CHECK(first.out.find("4 runs with attention: ") != std::string::npos);
  const std::string file = read_file(runs() / "runs/tiny/general/seed-1/interventions.json");
  const Ended again = regard(runs(), {"attend", "runs/tiny", "--intervene", "--weights", "even"});
  CHECK(again.out.starts_with("4 runs with attention: 0 results made, "));
  CHECK(read_file(runs() / "runs/tiny/general/seed-1/interventions.json") == file);
  CHECK(regard(runs(), {"digest", "runs/tiny"}).out == before.out);
  const Ended verified = regard(runs(), {"verify", "runs/tiny"});
  INFO(verified.out << verified.err);
  CHECK(verified.code == 0);
  const auto results = nlohmann::json::parse(read_file(runs() / "runs/tiny/report/results.json"));
  CHECK(results["interventions"]["refused"].contains("heads"));
  CHECK_FALSE(results["interventions"]["effects"].empty());
  CHECK(read_file(runs() / "runs/tiny/report/index.html").find("Changes with other attention weights") !=
        std::string::npos);
}

TEST_CASE("regard attend --intervene: each error is one sentence", "[cli]") {
  const std::string usage =
      "; usage: regard attend --model RUN SENTENCE [--target TEXT] [--svg FILE] [--json], or attend FOLDER --intervene";
  CHECK(refusal({"attend", "--intervene"}) == "regard attend: --intervene needs a run folder" + usage);
  CHECK(refusal({"attend", "runs/tiny", "--intervene", "--json"}) ==
        "regard attend: --json shows one sentence; --intervene takes a folder" + usage);
  CHECK(refusal({"attend", "a", "--weights", "even"}) ==
        "regard attend: --weights belongs to --intervene" + usage);
  CHECK(
      refusal({"attend", "runs/tiny", "--intervene", "--weights", "evn"}) ==
      "unknown kind of weights 'evn'; did you mean 'even'? Known: even, shuffled, hardest, shifted, other, gold");
  CHECK(refusal({"attend", "runs/tiny", "--intervene", "--other", "vanilla"}) ==
        "system 'vanilla' has no attention, so it has no weights for other systems");
  CHECK(
      refusal({"attend", "runs/tiny", "--intervene", "--other", "genral"}) ==
      "no system is named 'genral'; did you mean 'general'? The plan has: vanilla, general, coverage, heads, copies");
}

TEST_CASE("regard attend: each error is one sentence", "[cli]") {
  const std::string usage =
      "; usage: regard attend --model RUN SENTENCE [--target TEXT] [--svg FILE] [--json], or attend FOLDER --intervene";
  const std::string run = "runs/tiny/general/seed-1";
  const std::string none =
      ": is not a run; give the folder of one system and seed, for example runs/quickstart/dot/seed-1";
  CHECK(refusal({"attend", "a"}) == "regard attend: needs --model RUN" + usage);
  CHECK(refusal({"attend", "--model", run}) == "regard attend: needs one sentence" + usage);
  CHECK(refusal({"attend", "--model", run, "a", "--color", "red"}) ==
        "regard attend: --color is auto, always or never, got \"red\"" + usage);
  CHECK(refusal({"attend", "--model", "runs/tiny", "a"}) == "runs/tiny" + none);
  CHECK(refusal({"attend", "--model", "runs/tiny/general/seed-x", "a"}) == "runs/tiny/general/seed-x" + none);
  CHECK(refusal({"attend", "--model", "nowhere/general/seed-1", "a"}) == "nowhere/general/seed-1" + none);
  CHECK(refusal({"attend", "--model", "runs/tiny/vanilla/seed-1", "a"}) ==
        "runs/tiny/vanilla/seed-1: system 'vanilla' has no attention to show; choose another system's run");
  CHECK(
      refusal({"attend", "--model", "runs/tiny/genral/seed-1", "a"}) ==
      "no system is named 'genral'; did you mean 'general'? The plan has: vanilla, general, coverage, heads, copies");
  CHECK(refusal({"attend", "--model", run, "  "}) == "the sentence has no word; give at least one");
  CHECK(refusal({"attend", "--model", run, "a", "--target", ""}) == "the target has no word; give at least one");
  CHECK(refusal({"attend", "--model", run, "\xff"}) == "the sentence is not valid UTF-8 at byte 1");
}

TEST_CASE("regard new: an impossible name of a variant is refused", "[cli]") {
  const std::string usage = "; usage: regard new attention NAME";
  const std::string rule =
      "\" cannot be the name of a variant, its file and its CMake target: use "
      "at most 60 small letters, digits and '_', and begin with a letter, as in my_score";
  for (const std::string name : {"", "My", "1a", "a-b", "../a", "_a"}) {
    CHECK(refusal({"new", "attention", name}) == "regard new: \"" + name + rule + usage);
  }
  CHECK(refusal({"new", "attention", "additive"}) ==
        "regard new: there is an attention 'additive' already; give yours another name" + usage);
  CHECK(refusal({"new", "attention", "test"}) ==
        "regard new: CMake has its own target 'test'; give the variant another name" + usage);
  CHECK(refusal({"new", "atention", "a"}) ==
        "regard new: cannot make a new 'atention', only a new attention; did you mean 'attention'?" + usage);
  CHECK(refusal({"new", "attention"}) == "regard new: needs two words, attention and its name" + usage);
  const TempFolder folder;
  CHECK(regard(folder.path(), {"new", "attention", "mine"}).code == 0);
  const std::string source = read_file(folder / "mine/mine.cpp");
  CHECK(std::count(source.begin(), source.end(), '\n') <= 40);
  CHECK(source.find("class MineScore final") != std::string::npos);
  // A name that is also a class of regard, and the name of another system of the plan.
  CHECK(regard(folder.path(), {"new", "attention", "score"}).code == 0);
  CHECK(read_file(folder / "score/score.cpp").find("class ScoreScore final : public Score") != std::string::npos);
  CHECK(regard(folder.path(), {"new", "attention", "vanilla"}).code == 0);
  CHECK(regard(folder / "vanilla", {"run", "plan.yaml", "--dry-run"}).err ==
        "error: plan.yaml:3:11: plugins: build/vanilla.so: cannot be read: no such file or folder\n");
  CHECK(source.find('@') == std::string::npos);
  const Ended again = regard(folder.path(), {"new", "attention", "mine"});
  CHECK(again.code == 2);
  CHECK(again.err == "error: mine: exists already; give the variant another name\n");
}

}  // namespace regard::test
