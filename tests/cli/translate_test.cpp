// Tests `regard translate` with the real program.
// Over 350 lines: all cases share runs that are trained once.
#include <nlohmann/json.hpp>

#include "framework/base/files.h"
#include "tests/cli/plan_sandbox.h"

namespace regard::test {
namespace {

// Tiny runs: a plan over symbols, one with other symbols, and one over subwords with a Unicode normal form.
const fs::path& runs() {
  static const TempFolder folder;
  static const bool made = [] {
    const std::string plan = tiny_plan();
    write_file(folder / "p.yaml", plan);
    std::string other = plan;
    other.replace(other.find("symbols: 9"), 10, "symbols: 8").replace(other.find("name: tiny"), 10, "name: else");
    write_file(folder / "else.yaml", other);
    write_file(folder / "pieces.yaml",
               "name: pieces\n"
               "data:\n"
               "  corpus: {type: chat_noir, train: 200, valid: 8, test: 8, test_long: 4}\n"
               "  tokenizer: {type: sentencepiece, size: 120}\n"
               "  text: {normalize: nfc}\n"
               "model: {embedding: 8, hidden: 8, attention: dot}\n"
               "systems: {dot: {}}\n"
               "training: {epochs: 1, learning_rate: 0.01}\n");
    return regard(folder.path(), {"run", "p.yaml"}).code == 0 &&
           regard(folder.path(), {"run", "else.yaml"}).code == 0 &&
           regard(folder.path(), {"run", "pieces.yaml"}).code == 0;
  }();
  REQUIRE(made);
  return folder.path();
}

const std::string kGeneral = "runs/tiny/general/seed-1";
const std::string kUsage =
    "; usage: regard translate --model RUN [FILE...] [--ensemble RUN,...] [--nbest N] [--scores] "
    "[--alignments[=soft]] [--target FILE] [--skip-invalid] [--set decoding.KEY=VALUE]... [--threads N] "
    "[--export FOLDER]";

Ended translated(const std::vector<std::string>& more, const std::string& model = kGeneral) {
  std::vector<std::string> words{"translate", "--model", model};
  words.insert(words.end(), more.begin(), more.end());
  return regard(runs(), words);
}

std::string refusal(const std::vector<std::string>& more, const std::string& model = kGeneral) {
  const Ended end = translated(more, model);
  CHECK(end.code == 2);
  CHECK(end.out.empty());
  INFO(end.err);
  REQUIRE(end.err.starts_with("error: "));
  CHECK(end.err.find('\n') == end.err.size() - 1);
  return end.err.substr(7, end.err.size() - 8);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// Returns the translations of a file's lines, without warnings.
std::vector<std::string> of_text(const std::string& text, std::vector<std::string> more = {},
                                 const std::string& model = kGeneral) {
  write_file(runs() / "text", text);
  more.emplace_back("text");
  const Ended end = translated(more, model);
  INFO(end.err);
  CHECK(end.code == 0);
  return lines_of(end.out);
}

// A copy of the run folder that a test can damage.
class Copy final {
 public:
  Copy() { fs::copy(runs() / "runs" / "tiny", folder_ / "tiny", fs::copy_options::recursive); }
  [[nodiscard]] fs::path operator/(const std::string& name) const { return folder_ / "tiny" / name; }
  [[nodiscard]] std::string refused() const {
    const Ended end = regard(folder_.path(), {"translate", "--model", "tiny/general/seed-1"});
    CHECK(end.code == 2);
    CHECK(end.out.empty());
    REQUIRE(end.err.starts_with("error: "));
    return end.err.substr(7, end.err.size() - 8);
  }

 private:
  TempFolder folder_;
};

}  // namespace

TEST_CASE("regard translate: a test set is translated as by the run itself", "[cli]") {
  for (const std::string test : {"test", "test_long"}) {
    for (const std::string threads : {"1", "2"}) {
      const Ended end = translated({"runs/tiny/data/tests/" + test + ".source", "--threads", threads});
      CHECK(end.code == 0);
      CHECK(end.out == read_file(runs() / kGeneral / ("hypotheses/" + test + ".txt")));
    }
    const Ended greedy = translated({"runs/tiny/data/tests/" + test + ".source", "--set", "decoding.beam=1"});
    CHECK(greedy.out == read_file(runs() / kGeneral / ("hypotheses/" + test + ".greedy.txt")));
  }
  // Several files are translated one after the other, and standard input in the same way.
  const Ended both = translated({"runs/tiny/data/tests/test.source", "runs/tiny/data/tests/test_long.source"});
  const Ended piped = shell(runs(),
                            "cat runs/tiny/data/tests/test.source runs/tiny/data/tests/test_long.source | "
                            "$REGARD translate --model " +
                                kGeneral);
  CHECK(piped.out == both.out);
  CHECK(lines_of(both.out).size() == 12);
}

TEST_CASE("regard translate: lines are answered as they come and without a prompt", "[cli]") {
  const Ended end = shell(runs(),
                          "mkfifo in out\n"
                          "timeout 60 $REGARD translate --model " +
                              kGeneral +
                              " < in > out & exec 3> in 4< out\n"
                              "echo 's1 s2' >&3; read -r a <&4; echo answered\n"
                              "printf '\\ns2 s1' >&3; read -r b <&4; exec 3>&-; read -r c <&4; wait $!; echo $?\n"
                              "echo \"$a\"; echo \"$b\"; echo \"$c\"; rm in out");
  INFO(end.err);
  const auto lines = lines_of(end.out);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "answered");
  CHECK(lines[1] == "0");
  CHECK(lines[3].empty());
  CHECK(std::vector<std::string>{lines[2], lines[3], lines[4]} == of_text("s1 s2\n\ns2 s1\n"));
  CHECK(end.err.find("> ") == std::string::npos);
}

TEST_CASE("regard translate: on a terminal there is a prompt", "[cli]") {
  const Ended end = shell(runs(), "printf 's1 s2\\n' | script -qec \"$REGARD translate --model " + kGeneral +
                                      " --set decoding.beam=2\" /dev/null");
  CHECK(end.code == 0);
  CHECK(has(end.out, "> "));
}

TEST_CASE("regard translate: order and empty lines and line ends are kept", "[cli]") {
  const auto plain = of_text("s1 s2 s3\ns4\ns2\n");
  REQUIRE(plain.size() == 3);
  CHECK(of_text("\xEF\xBB\xBFs1 s2 s3\r\ns4\r\ns2") == plain);
  const auto with_gaps = of_text("\ns1 s2 s3\n  \ns4\ns2\n\n");
  REQUIRE(with_gaps.size() == 6);
  CHECK(with_gaps == std::vector<std::string>{"", plain[0], "", plain[1], plain[2], ""});
  CHECK(of_text("").empty());
  // More lines than are read at a time keep their order.
  std::string many;
  std::vector<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    many += "s1 s2 s3\n\ns4\n";
    for (const std::string& line : {plain[0], std::string(), plain[1]}) expected.push_back(line);
  }
  CHECK(of_text(many, {"--set", "decoding.batch_sentences=2"}) == expected);
}

TEST_CASE("regard translate: n-best lists and scores and alignments have their formats", "[cli]") {
  const std::vector<std::string> kWords{"--set", "decoding.min_length=2"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), kWords.begin(), kWords.end());
    return more;
  };
  const auto best = of_text("s1 s2 s3\n\ns4\n", kWords);
  const auto scored = of_text("s1 s2 s3\n\ns4\n", with({"--scores"}));
  REQUIRE(scored.size() == 3);
  CHECK(scored[0].starts_with(best[0] + " ||| score: -"));
  CHECK(scored[1] == " ||| score: 0 log_p: 0");
  const auto list = of_text("s1 s2 s3\n\ns4\n", with({"--nbest", "2"}));
  REQUIRE(list.size() == 5);
  CHECK(list[0] == "0 ||| " + scored[0]);
  CHECK(list[1].starts_with("0 ||| "));
  CHECK(list[2] == "1 |||  ||| score: 0 log_p: 0");
  CHECK(list[3] == "2 ||| " + scored[2]);
  const auto score = [](const std::string& line) { return std::stod(line.substr(line.find("score: ") + 7)); };
  CHECK(score(list[0]) >= score(list[1]));
  std::string many;
  for (int i = 0; i < 40; ++i) many += "s1\n";
  write_file(runs() / "many", many);
  // Lines are numbered through all files, for any number that is read at a time.
  write_file(runs() / "more", "s2\ns1\n");
  const auto numbered =
      lines_of(translated({"--nbest", "1", "--set", "decoding.batch_sentences=1", "many", "more"}).out);
  REQUIRE(numbered.size() == 42);
  for (std::size_t i = 0; i < numbered.size(); ++i) CHECK(numbered[i].starts_with(std::to_string(i) + " ||| "));
  // There is a link for each word. The soft weights of a word sum to 1 except for the end of the source and
  // rounding.
  const auto hard = of_text("s1 s2 s3\n", with({"--alignments"}));
  const auto soft = of_text("s1 s2 s3\n", with({"--scores", "--alignments=soft"}));
  REQUIRE(hard.size() == 1);
  CHECK(hard[0].starts_with(best[0] + " ||| "));
  const std::string links = hard[0].substr(best[0].size() + 5);
  CHECK(std::count(links.begin(), links.end(), '-') == 1 + std::count(best[0].begin(), best[0].end(), ' '));
  CHECK(soft[0].starts_with(scored[0] + " ||| 0-0:0."));
}

TEST_CASE("regard translate: given translations have the scores that a search gives them", "[cli]") {
  const auto scored = of_text("s1 s2 s3\n\ns4\n", {"--scores", "--alignments"});
  const auto texts = of_text("s1 s2 s3\n\ns4\n");
  write_file(runs() / "given", texts[0] + "\ns1\n" + texts[2] + "\n");
  const auto given = of_text("s1 s2 s3\n\ns4\n", {"--target", "given", "--alignments"});
  REQUIRE(given.size() == 3);
  const auto number = [](const std::string& line, const char* name) {
    return std::stod(line.substr(line.find(name) + std::string(name).size()));
  };
  for (const std::size_t line : {0U, 2U}) {
    CHECK(given[line].starts_with(texts[line] + " ||| "));
    CHECK(number(given[line], "log_p: ") == Approx(number(scored[line], "log_p: ")).epsilon(1e-4));
    CHECK(number(given[line], "score: ") == Approx(number(scored[line], "score: ")).epsilon(1e-4));
    CHECK(given[line].substr(given[line].rfind("|||")) == scored[line].substr(scored[line].rfind("|||")));
  }
  CHECK(given[1].starts_with("s1 ||| score: -"));
  write_file(runs() / "few", "a\n");
  write_file(runs() / "text", "s1\ns2\n");
  CHECK(refusal({"--target", "few", "text"}) ==
        "few: has 1 lines, but text has 2; line i of one must belong to line i of the other");
  CHECK(refusal({"--target", "few"}) ==
        "regard translate: --target needs one FILE, with the source of each translation" + kUsage);
}

TEST_CASE("regard translate: systems of different kinds form an ensemble", "[cli]") {
  const std::string source = "runs/tiny/data/tests/test.source";
  const Ended three = translated({source, "--scores", "--ensemble", "vanilla/seed-1,general/seed-2"});
  CHECK(three.code == 0);
  CHECK(three.err.empty());
  // The order of the others does not matter, and a path works as well as a name.
  const Ended paths =
      translated({source, "--scores", "--ensemble", "runs/tiny/general/seed-2,runs/tiny/vanilla/seed-1"});
  CHECK(paths.out == three.out);
  const Ended one = translated({source, "--scores"});
  CHECK(one.out != three.out);
  CHECK(lines_of(one.out).size() == lines_of(three.out).size());
  // A given translation has the same mean probability.
  const auto texts = of_text("s1 s2 s3\ns4\n", {"--ensemble", "vanilla/seed-1"});
  const auto scored = of_text("s1 s2 s3\ns4\n", {"--ensemble", "vanilla/seed-1", "--scores"});
  write_file(runs() / "given", texts[0] + "\n" + texts[1] + "\n");
  const auto given = of_text("s1 s2 s3\ns4\n", {"--ensemble", "vanilla/seed-1", "--target", "given"});
  for (const std::size_t line : {0U, 1U}) {
    const auto log_p = [](const std::string& text) { return std::stod(text.substr(text.find("log_p: ") + 7)); };
    CHECK(log_p(given[line]) == Approx(log_p(scored[line])).epsilon(1e-4));
  }
}

TEST_CASE("regard translate: runs that do not fit together are refused with one sentence", "[cli]") {
  CHECK(
      refusal({"--ensemble", "runs/else/general/seed-1"}) ==
      "runs/else/general/seed-1: its source vocabulary is not that of runs/tiny/general/seed-1, so the two cannot be "
      "an ensemble; name runs of the same plan");
  CHECK(refusal({"--ensemble", "general/seed-2,general/seed-1"}) ==
        "runs/tiny/general/seed-1: is named twice; each run of an ensemble counts once");
  CHECK(
      refusal({"--ensemble", "nowhere/seed-1"}) ==
      "nowhere/seed-1: is not a run; give the folder of one system and seed, for example runs/quickstart/dot/seed-1");
  CHECK(refusal({"--ensemble", "vanilla/seed-1,"}) ==
        "regard translate: --ensemble takes runs with ',' between them, as in dot/seed-1,dot/seed-2, got "
        "\"vanilla/seed-1,\"" +
            kUsage);
}

TEST_CASE("regard translate: a line that is too long is cut off with a warning", "[cli]") {
  std::string line;
  for (int i = 0; i < 1500; ++i) line += i % 2 == 0 ? "s1 " : "s2 ";
  write_file(runs() / "long", "s1\n" + line + "\ns2\n");
  const Ended end = translated({"long", "--set", "decoding.max_length_factor=0", "--set",
                                "decoding.max_length_extra=3", "--set", "decoding.min_length=1"});
  CHECK(end.code == 0);
  const auto out = lines_of(end.out);
  REQUIRE(out.size() == 3);
  CHECK_FALSE(out[1].empty());
  CHECK(has(end.err,
            "warning: long:2: the line has 1500 words, but only the first 1000 are translated "
            "(data.max_line_words)\n"));
  CHECK(std::count(out[1].begin(), out[1].end(), ' ') <= 2);
  // A translation that did not end also gives a warning.
  write_file(runs() / "text", "s1\ns2\ns1 s2\n");
  const Ended cut = translated({"text", "--set", "decoding.max_length_factor=0", "--set",
                                "decoding.max_length_extra=2", "--set", "decoding.temperature=100"});
  CHECK(cut.code == 0);
  CHECK(has(cut.err,
            ": the translation was cut at 2 tokens, before its end (decoding.max_length_factor, "
            "max_length_extra)\n"));
}

TEST_CASE("regard translate: a closed pipe ends it quietly and a full disk is an error", "[cli]") {
  const Ended end = shell(runs(),
                          "yes 's1 s2' | head -n 20000 > many; "
                          "{ timeout 60 $REGARD translate --model " +
                              kGeneral + " many; echo $? > code; } | head -n 1; cat code; rm many code");
  const auto lines = lines_of(end.out);
  REQUIRE(lines.size() == 2);
  CHECK(lines[1] == "0");
  CHECK(end.err.empty());
  const Ended full = shell(runs(), "echo 's1 s2' | $REGARD translate --model " + kGeneral + " > /dev/full");
  CHECK(full.code == 2);
  CHECK(full.err == "error: standard output: cannot be written: no space is left on the disk\n");
}

TEST_CASE("regard translate: an exported run can be moved anywhere", "[cli]") {
  const TempFolder elsewhere;
  const std::string source = read_file(runs() / "runs/tiny/data/tests/test.source");
  const Ended exported = translated({"--export", (elsewhere / "out").string()});
  CHECK(exported.code == 0);
  CHECK(exported.out.empty());
  fs::rename(elsewhere / "out", elsewhere / "moved");
  write_file(elsewhere / "text", source);
  for (const std::string model : {"moved", "moved/", "moved/general/seed-1"}) {
    const Ended end = regard(elsewhere.path(), {"translate", "--model", model, "text"});
    INFO(end.err);
    CHECK(end.out == read_file(runs() / kGeneral / "hypotheses/test.txt"));
  }
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(elsewhere / "moved")) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(elsewhere / "moved").string());
  }
  std::sort(files.begin(), files.end());
  CHECK(files == std::vector<std::string>{"data/data.json", "data/source.vocab", "data/target.vocab",
                                          "general/seed-1/checkpoints/best.safetensors",
                                          "general/seed-1/manifest.json", "general/seed-1/run.yaml",
                                          "plan.resolved.yaml"});
  CHECK(refusal({"--export", (elsewhere / "moved").string()}) ==
        (elsewhere / "moved").string() + ": exists already; name a folder that is empty or does not exist");
  CHECK(refusal({"--export", "x", "text"}) ==
        "regard translate: --export copies one run, and translates nothing" + kUsage);
}

TEST_CASE("regard translate: damaged files and files of another training are refused with one sentence", "[cli]") {
  const std::string not_that =
      ": does not belong to the checkpoints of its folder: its hash is not "
      "the one in data.json; restore the file that was used to train them";
  {
    const Copy copy;  // gets a vocabulary of the same size with other words
    std::string text = read_file(copy / "data/target.vocab");
    text.replace(text.find("s1\n"), 3, "zz\n");
    write_file(copy / "data/target.vocab", text);
    CHECK(copy.refused() == "tiny/data/target.vocab" + not_that);
    fs::remove(copy / "data/data.json");  // without the hashes only the sizes can differ
    write_file(copy / "data/target.vocab", text + "more\n");
    CHECK(copy.refused() ==
          "tiny/general/seed-1/checkpoints/best.safetensors: "
          "decoder/embedding/W is [13, 8] here, [14, 8] in the config");
  }
  {
    const Copy copy;  // gets the checkpoint of another run with the same shapes
    const std::string best = "checkpoints/best.safetensors";
    fs::copy_file(copy / ("general/seed-2/" + best), copy / ("general/seed-1/" + best),
                  fs::copy_options::overwrite_existing);
    CHECK(copy.refused() ==
          "tiny/general/seed-1/checkpoints/best.safetensors: is not the checkpoint of this run (its sha256 is not "
          "that in manifest.json), so its vocabularies may be different; restore the run's own file");
  }
  {
    const Copy copy;
    fs::remove(copy / "data/source.vocab");
    CHECK(copy.refused() == "tiny/data/source.vocab: cannot be read: no such file or folder");
  }
  {
    const Copy copy;
    const fs::path file = copy / "general/seed-1/checkpoints/best.safetensors";
    std::string bytes = read_file(file);
    bytes[bytes.size() - 5] ^= 1;
    write_file(file, bytes);
    CHECK(copy.refused() ==
          "tiny/general/seed-1/checkpoints/best.safetensors: is damaged: its content does not have "
          "the checksum in its metadata");
    write_file(file, bytes.substr(0, bytes.size() / 2));
    CHECK_THAT(copy.refused(), StartsWith("tiny/general/seed-1/checkpoints/best.safetensors: "));
    fs::remove(file);
    CHECK(copy.refused() ==
          "tiny/general/seed-1/checkpoints/best.safetensors: cannot be read: no such file or folder");
  }
  {
    const Copy copy;
    write_file(copy / "general/seed-1/manifest.json", "{");
    CHECK_THAT(copy.refused(), StartsWith("tiny/general/seed-1/manifest.json: "));
  }
}

TEST_CASE("regard translate: subwords are joined to text and unknown characters are accepted", "[cli]") {
  const std::string model = "runs/pieces/dot/seed-1";
  const std::string source = "runs/pieces/data/tests/test.source";
  const Ended end = translated({source}, model);
  CHECK(end.code == 0);
  CHECK(end.out == read_file(runs() / model / "hypotheses/test.txt"));
  CHECK(end.out.find("▁") == std::string::npos);
  for (const std::string text :
       {"☃", "the 猫 sleeps", "\xF0\x9F\x90\x88\xE2\x80\x8D\xE2\xAC\x9B", "\x01 x", "▁"}) {
    INFO(text);
    const auto lines =
        of_text(text + "\nthe black cat\n", {"--alignments", "--set", "decoding.max_length_extra=5"}, model);
    CHECK(lines.size() == 2);
  }
  CHECK(of_text("zzz s1\n").size() == 1);  // a word that the model does not know
  // Text in another normal form is converted to the plan's.
  const auto composed = of_text("le caf\u00E9 noir\n", {"--scores"}, model);
  CHECK(of_text("le cafe\u0301 noir\n", {"--scores"}, model) == composed);
  CHECK(composed != of_text("le cafe noir\n", {"--scores"}, model));
}

TEST_CASE("regard translate: lines before an invalid one are translated and the invalid one is named", "[cli]") {
  const std::string fault =
      "byte 4 of the line (0xFF) is not valid UTF-8; convert the text, for example with iconv -f latin1 -t utf-8";
  const auto good = of_text("s1\ns2 s3\n\n");
  write_file(runs() / "text", "s1\n\ns2 \xff\ns2 s3\n");
  const Ended ended = translated({"text"});
  CHECK(ended.code == 2);
  CHECK(ended.out == good[0] + "\n\n");
  CHECK_THAT(ended.err, EndsWith("error: text:3: " + fault + ", or skip such lines with --skip-invalid\n"));
  const Ended skipped = translated({"text", "--skip-invalid"});
  CHECK(skipped.code == 0);
  CHECK(skipped.out == good[0] + "\n\n\n" + good[1] + "\n");
  CHECK_THAT(skipped.err, StartsWith("warning: text:3: " + fault + "; the line is skipped\n"));
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "s1\n";
  write_file(runs() / "text", many + "\xff\n" + many);
  CHECK(lines_of(translated({"text"}).out).size() == 3000);
  CHECK(lines_of(translated({"text", "--skip-invalid"}).out).size() == 6001);
}

TEST_CASE("regard translate: a run is found from inside its folder", "[cli]") {
  const std::string whole = translated({"runs/tiny/data/tests/test.source"}).out;
  const std::string text = (runs() / "runs/tiny/data/tests/test.source").string();
  for (const auto& [folder, model] :
       std::vector<std::pair<std::string, std::string>>{{kGeneral, "."},
                                                        {kGeneral, "./"},
                                                        {"runs/tiny/general/seed-2", "../seed-1"},
                                                        {"runs/tiny/general", "seed-1"},
                                                        {"runs/tiny/vanilla/seed-1", "../../general/seed-1/"},
                                                        {"runs/tiny", "general/seed-1"},
                                                        {"runs/tiny/data", "./../general/../general/seed-1"}}) {
    INFO(folder << " " << model);
    const Ended end = regard(runs() / folder, {"translate", "--model", model, text});
    CHECK(end.code == 0);
    CHECK(end.out == whole);
  }
  CHECK(regard(runs() / kGeneral, {"translate", "--model", ".", "--ensemble", "../seed-2", text}).code == 0);
  CHECK(regard(runs() / kGeneral, {"attend", "--model", ".", "s1 s2"}).code == 0);
}

TEST_CASE("regard translate: an exported run does not need the variables of its plan", "[cli]") {
  const TempFolder folder;
  fs::create_directory(folder / "in");
  fs::copy_file(runs() / "runs/pieces/data/source.model", folder / "in/pieces.model");
  write_file(folder / "in/words", "hello bonjour\n");
  write_file(folder / "p.yaml",
             "name: named\n"
             "data:\n"
             "  corpus: {type: chat_noir, train: 100, valid: 4, test: 4, test_long: 2}\n"
             "  tokenizer: {type: sentencepiece, source_model: '${IN}/pieces.model'}\n"
             "model: {embedding: 8, hidden: 8}\n"
             "systems: {dot: {model.attention: dot}}\n"
             "training: {epochs: 1}\n"
             "decoding: {beam: 2, replace_unknown: true, dictionary: '${IN}/words'}\n");
  const Ended made = shell(folder.path(),
                           "IN=in $REGARD run p.yaml && cat runs/named/data/tests/test.source > text && "
                           "$REGARD translate --model runs/named/dot/seed-1 --export out && mv in gone && "
                           "$REGARD translate --model runs/named/dot/seed-1 text > inside && "
                           "rm -r runs && $REGARD translate --model out text > outside && cmp inside outside");
  INFO(made.err);
  CHECK(made.code == 0);
  CHECK(lines_of(read_file(folder / "outside")).size() == 4);
}

TEST_CASE("regard translate: sampled translations depend only on line and seed", "[cli]") {
  const std::vector<std::string> draw{"--set", "decoding.temperature=1", "--set", "decoding.top_k=5", "--nbest",
                                      "3"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), draw.begin(), draw.end());
    return of_text("s1 s2 s3\ns4 s5\ns1 s2 s3\n", more);
  };
  const auto all = with({});
  REQUIRE(all.size() == 9);
  CHECK(with({"--set", "decoding.batch_sentences=1", "--threads", "1"}) == all);
  CHECK(with({"--set", "decoding.sample_seed=2"}) != all);
  CHECK(all[0].substr(1) != all[6].substr(1));  // the same sentence on another line
}

TEST_CASE("regard translate: each impossible request is one sentence", "[cli]") {
  CHECK(refusal({"--set", "decoding.beam=0"}) ==
        "--set decoding.beam=0: decoding.beam: expected a whole number from 1 to 1000, got \"0\"");
  CHECK(
      refusal({"--set", "model.hidden=3"}) ==
      "--set model.hidden=3: the model is trained; only keys of decoding can be set now, for example decoding.beam=8");
  CHECK_THAT(
      refusal({"--set", "decoding.baem=3"}),
      StartsWith("--set decoding.baem=3: unknown key 'baem' in decoding; did you mean 'beam'? Known keys: "));
  CHECK(refusal({"--nbest", "3"}) ==
        "--set decoding.nbest=3: decoding.nbest: 3 translations cannot come "
        "of a beam of 2; set decoding.beam to 3 at least (system 'general')");
  CHECK(refusal({"--nbest", "x"}) ==
        "regard translate: --nbest takes a whole number of at least 1, got \"x\"" + kUsage);
  CHECK(refusal({"--alignments=softer"}) ==
        "regard translate: --alignments is hard or soft, got \"softer\"" + kUsage);
  CHECK(refusal({"--alignments"}, "runs/tiny/vanilla/seed-1") ==
        "runs/tiny/vanilla/seed-1: a model without attention has no alignments; leave --alignments out");
  CHECK(refusal({"nowhere"}) == "nowhere: cannot be read: no such file or folder");
  CHECK(refusal({"runs"}) == "runs: cannot be read: it is a folder, not a file");
  CHECK(refusal({"x", "--target", "x", "--skip-invalid"}) ==
        "regard translate: --skip-invalid cannot be used with --target" + kUsage);
  CHECK(refusal({}, "runs/tiny") ==
        "runs/tiny: is not a run; give the folder of one system and seed, for example runs/quickstart/dot/seed-1");
  const Ended none = regard(runs(), {"translate"});
  CHECK(none.code == 2);
  CHECK(none.err == "error: regard translate: needs --model RUN" + kUsage + "\n");
}

}  // namespace regard::test
