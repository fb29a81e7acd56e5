// Mistakes of users: each gives one sentence on standard error and exit code 2, and leaves nothing half-written.
#include <iterator>
#include <string>
#include <vector>

#include "framework/base/files.h"
#include "tests/cli/program.h"
#include "tests/support/catch.h"

namespace regard::test {
namespace {

namespace fs = std::filesystem;

// Returns the one line after "error: "; the program must exit with 2.
std::string refusal(const fs::path& folder, const std::vector<std::string>& words) {
  const Ended end = regard(folder, words);
  CHECK(end.code == 2);
  CHECK(end.out.empty());
  REQUIRE(end.err.starts_with("error: "));
  CHECK(end.err.find('\n') == end.err.size() - 1);
  return end.err.substr(7, end.err.size() - 8);
}

// A folder with a plan of text files; `train` is the target side of the training text.
class Files final {
 public:
  explicit Files(const std::string& train) {
    write_file(folder_ / "a.x", "a b\nb c\n");
    write_file(folder_ / "a.y", "b a\nc b\n");
    write_file(folder_ / "train.y", train);
    write_file(folder_ / "p.yaml",
               "name: files\n"
               "data: {files: {train: [a.x, train.y], valid: [a.x, a.y], test: {test: [a.x, a.y]}}}\n"
               "model: {embedding: 4, hidden: 4}\n"
               "systems: {vanilla: {model.attention: none}}\n"
               "training: {epochs: 1}\n");
  }
  [[nodiscard]] const fs::path& path() const { return folder_.path(); }
  [[nodiscard]] std::string refused(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"run", "p.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    const std::string said = refusal(path(), words);
    CHECK_FALSE(fs::exists(path() / "runs" / "files"));
    return said;
  }

 private:
  TempFolder folder_;
};

const std::string kRunUsage =
    "; usage: regard run PLAN [--set KEY=VALUE]... [--only SYSTEM]... [--seeds 1-3] [--out FOLDER] [--jobs "
    "N|auto] "
    "[--threads N] [--retrain] [--dry-run] [--plugin FILE]...";

}  // namespace

TEST_CASE("bad input: a plan that cannot be read is refused", "[cli]") {
  const TempFolder folder;
  fs::create_directory(folder / "fold");
  write_file(folder / "broken.yaml", "name: [a\n");
  write_file(folder / "indent.yaml", "name: a\n  b: c\n");
  write_file(folder / "key.yaml", "name: a\ndata: {corpus: reverse}\nsystems: {a: {}}\nmodel: {hiden: 3}\n");
  CHECK(refusal(folder.path(), {"run", "no.yaml"}) == "no.yaml: cannot be read: no such file or folder");
  CHECK(refusal(folder.path(), {"run", "fold"}) == "fold: cannot be read: it is a folder, not a file");
  CHECK(refusal(folder.path(), {"run", "broken.yaml"}) ==
        "broken.yaml:2:1: a '[' is not closed with ']', or a ',' is missing between two items");
  CHECK(refusal(folder.path(), {"run", "indent.yaml"}) ==
        "indent.yaml:2:4: a ':' is not allowed here; "
        "correct the indentation, or put a text with ': ' in quotes");
  CHECK_THAT(refusal(folder.path(), {"run", "key.yaml"}),
             StartsWith("key.yaml:4:9: unknown key 'hiden' in model; did you mean 'hidden'? Known keys: "));
  CHECK_FALSE(fs::exists(folder / "runs"));
}

TEST_CASE("bad input: text that cannot be used for training is refused", "[cli]") {
  CHECK(Files("b a\n").refused() ==
        "a.x:2: this line has no partner: this file has 2 lines, but "
        "train.y has 1; line i of one must belong to line i of the other");
  CHECK(Files("").refused() == "train.y: the file is empty; it needs one sentence a line");
  CHECK(
      Files("b a\n\n").refused() ==
      "train.y:2: the line is empty; remove it and its partner from both files, or set data.empty_lines to skip");
  CHECK(Files("b a\nc \xff\n").refused() ==
        "train.y:2: byte 3 of the line (0xFF) is not valid UTF-8; "
        "convert the file, for example with iconv -f latin1 -t utf-8");
  std::string million = "b a\n";
  for (int i = 0; i < 1000000; ++i) million += "a ";
  CHECK(Files(million + "\n").refused() ==
        "train.y:2: the line has 1000000 words, but data.max_line_words is 1000; is a line break missing?");
  const Files files("b a\nc b\n");
  fs::remove(files.path() / "train.y");
  CHECK(files.refused() == "p.yaml:2:23: data.files.train.2: train.y: cannot be read: no such file or folder");
  CHECK(files.refused({"--set", "data.files.train=[a.x]"}) ==
        "--set data.files.train=[a.x]: data.files.train: expected "
        "[source, target] or [source, target, alignment], got 1 file");
  CHECK(files.refused({"--set", "data.corpus=revers"}) ==
        "--set data.corpus=revers: data.corpus: unknown corpus 'revers'; did you mean 'reverse'? "
        "Known: none (read data.files), chat_noir (English to French sentences from a grammar "
        "(synthetic), with gold alignments), copy (rows of random symbols, to be repeated "
        "(synthetic)), reverse (rows of random symbols, to be written backwards (synthetic))");
}

TEST_CASE("bad input: CR LF and a byte order mark are accepted", "[cli]") {
  const Files marked(
      "\xEF\xBB\xBF"
      "b a\r\nc b\r\n");
  const Files plain("b a\nc b\n");
  for (const Files* files : {&marked, &plain}) {
    const Ended end = regard(files->path(), {"run", "p.yaml", "--threads", "1"});
    CHECK(end.code == 0);
    CHECK(end.err.starts_with(
        "warning: 2 of 2 source sentences of test set 'test' also occur in training (lines 1, 2)\n"
        "warning: system 'vanilla': a batch of 64 sentences is larger than the training data (2)\n"
        "1 run to do, 0 done before; 1 at a time with 1 thread each\n"));
  }
  // The files differ, and so does run.yaml; the trained models are equal.
  for (const char* file : {"runs/files/vanilla/seed-1/checkpoints/best.safetensors",
                           "runs/files/vanilla/seed-1/history.jsonl", "runs/files/vanilla/seed-1/scores.json"})
    CHECK(read_file(marked.path() / file) == read_file(plain.path() / file));
}

TEST_CASE("bad input: errors of unknown commands and options name the nearest", "[cli]") {
  const TempFolder folder;
  write_file(folder / "p.yaml", tiny_plan());
  CHECK_THAT(refusal(folder.path(), {"rnu"}), StartsWith("unknown command 'rnu'; did you mean 'run'? Known: "));
  CHECK_THAT(refusal(folder.path(), {"xyzzy"}), StartsWith("unknown command 'xyzzy'. Known: "));
  CHECK(refusal(folder.path(), {"run"}) == "regard run: needs one plan" + kRunUsage);
  CHECK(refusal(folder.path(), {"run", "a", "b"}) == "regard run: too many words" + kRunUsage);
  const auto said = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"run", "p.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return refusal(folder.path(), words);
  };
  CHECK(said({"--sed", "1"}) == "regard run: unknown option '--sed'; did you mean '--set'?" + kRunUsage);
  CHECK(said({"--jobs", "x"}) == "regard run: --jobs takes a whole number from 1 to 4096, got \"x\"" + kRunUsage);
  CHECK(said({"--threads", "0"}) ==
        "regard run: --threads takes a whole number from 1 to 4096, got \"0\"" + kRunUsage);
  CHECK(said({"--jobs"}) == "regard run: the required argument for option '--jobs' is missing" + kRunUsage);
  CHECK(said({"--seeds", "3-1"}) == "--set seeds=3-1: seeds: the range 3-1 is empty or too long");
  CHECK(said({"--seeds", "a"}) ==
        "--set seeds=a: seeds: expected a list of whole numbers, or numbers and ranges such as 1-3,7, got \"a\"");
  CHECK(said({"--seeds", "1,1"}) ==
        "--set seeds=1,1: seeds: seed 1 is listed twice; a second identical run adds nothing");
  CHECK(said({"--only", "vanila"}) ==
        "no system is named 'vanila'; did you mean 'vanilla'? The plan has: vanilla, general");
  CHECK(said({"--set", "hidden"}) == "--set hidden: expected KEY=VALUE, for example model.hidden=256");
  CHECK_THAT(said({"--set", "model.hiden=3"}),
             StartsWith("--set model.hiden=3: unknown key 'hiden' in model; did you mean 'hidden'? Known keys: "));
  CHECK(said({"--out", ""}) == "regard run: --out takes a folder, got \"\"" + kRunUsage);
  CHECK(refusal(folder.path(), {"list", "atention"}) ==
        "regard list: unknown list 'atention'; did you mean 'attention'?; usage: regard list "
        "[attention | corpus] [--plugin FILE]...");
  CHECK(refusal(folder.path(), {"explain", "beam"}) ==
        "unknown key 'beam'; did you mean 'decoding.beam'? `regard explain` lists all keys");
  CHECK(refusal(folder.path(), {"explain", "model.hiden"}) ==
        "unknown key 'model.hiden'; did you mean 'model.hidden'? `regard explain` lists all keys");
  CHECK(refusal(folder.path(), {"worker", "a", "b", "c"}) ==
        "regard worker: the seed must be a whole number, got \"c\"; usage: regard worker FOLDER SYSTEM SEED");
  CHECK_FALSE(fs::exists(folder / "runs"));
}

TEST_CASE("bad input: folders that cannot be written or are in use are refused", "[cli]") {
  const TempFolder folder;
  write_file(folder / "p.yaml", tiny_plan());
  write_file(folder / "file", "x");
  CHECK(refusal(folder.path(), {"run", "p.yaml", "--out", "file"}) ==
        "file: cannot be made: a part of the path is a file, not a folder");
  CHECK(refusal(folder.path(), {"run", "p.yaml", "--out", "file/inside"}) ==
        "file/inside: cannot be made: a part of the path is a file, not a folder");
  CHECK(refusal(folder.path(), {"run", "p.yaml", "--out", "/proc/x"}) ==
        "/proc/x: cannot be made: no such file or folder");
  CHECK(read_file(folder / "file") == "x");
  CHECK(refusal(folder.path(), {"report", "nowhere"}) ==
        "nowhere: is not a run folder: it has no plan.resolved.yaml; give the folder that `regard run` wrote");
  CHECK(refusal(folder.path(), {"digest", "nowhere"}) ==
        "nowhere: has no plan.resolved.yaml; give the folder of a plan's runs");
  fs::create_directory(folder / "garbage");
  write_file(folder / "garbage" / "plan.resolved.yaml", "{\n");
  CHECK(refusal(folder.path(), {"report", "garbage"}) == "garbage/plan.resolved.yaml:1:1: a '{' is not closed");
  write_file(folder / "garbage" / "plan.resolved.yaml", "name: a\nsystems: {a: {}}\nseeds: [1]\n");
  CHECK(refusal(folder.path(), {"report", "garbage"}) ==
        "garbage/data/data.json: cannot be read: no such file or folder");
  CHECK_FALSE(fs::exists(folder / "garbage" / "report"));
}

TEST_CASE("bad input: a corpus is not written into a folder that is not empty", "[cli]") {
  const TempFolder folder;
  fs::create_directory(folder / "full");
  write_file(folder / "full" / "mine", "x");
  CHECK(refusal(folder.path(), {"corpus", "chat_noir", "--out", "full"}) ==
        "full: exists already; name a folder that is empty or does not exist");
  CHECK(std::distance(fs::directory_iterator(folder / "full"), fs::directory_iterator()) == 1);
  CHECK(refusal(folder.path(), {"corpus", "chat_noir"}) ==
        "regard corpus: needs --out FOLDER; usage: regard corpus NAME --out FOLDER [--set OPTION=VALUE]...");
  CHECK_THAT(refusal(folder.path(), {"corpus", "chat_nor", "--out", "new"}),
             StartsWith("unknown corpus 'chat_nor'; did you mean 'chat_noir'? Known: "));
  CHECK_FALSE(fs::exists(folder / "new"));
}

}  // namespace regard::test
