// The scripts of tools/, as far as they can be tested without changing the machine.
// Over 350 lines: all cases use one imitated machine.
#include <cstdlib>
#include <filesystem>

#include "tests/support/catch.h"
#include "tests/tooling/shell.h"

namespace regard::test {
namespace {

const std::string kSource = REGARD_SOURCE_DIR;

// A fake machine: a folder of programs that the script finds instead of the real ones.
class Machine final {
 public:
  Machine() {
    std::filesystem::create_directories(folder.path() / "project");
    std::filesystem::copy(kSource + "/tools", folder / "project/tools", std::filesystem::copy_options::recursive);
    for (const char* name : {"bash", "env", "dirname", "readlink", "awk", "sed", "grep", "mkdir", "tail", "tr",
                             "cat", "rm", "sort", "chmod"}) {
      require(std::string("ln -s $(command -v ") + name + ") " + (folder / "bin/") + name);
    }
    program("id", "echo ${FAKE_ID:-0}");
  }
  void program(const std::string& name, const std::string& body) const {
    folder.write("bin/" + name, "#!/bin/sh\n" + body + "\n");
    std::filesystem::permissions(folder / ("bin/" + name), std::filesystem::perms::owner_all);
  }
  // A Debian on which all packages but the named ones are installed.
  void debian_without(const std::string& missing) const {
    program("dpkg-query",
            "shift 3\nfor p; do case ' " + missing + " ' in *\" $p \"*) ;; *) echo installed $p ;; esac; done");
  }
  [[nodiscard]] Said setup(const std::string& group, const std::string& variables = "") const {
    return shell("PATH=" + (folder / "bin") + " " + variables + " bash " + (folder / "project/tools/setup") + " " +
                 group);
  }
  Folder folder;

 private:
  void require(const std::string& line) const {
    std::filesystem::create_directories(folder.path() / "bin");
    if (shell(line).code != 0) throw std::runtime_error(line);
  }
};

TEST_CASE("setup: nothing is done if all packages are installed") {
  const Machine machine;
  machine.debian_without("");
  machine.program("apt-get", "echo apt-get was called; exit 1");
  const Said said = machine.setup("check");
  CHECK(said.text == "");
  CHECK(said.code == 0);
}

TEST_CASE("setup: only missing packages are installed") {
  const Machine machine;
  machine.debian_without("g++ ninja-build catch2");
  machine.program("apt-get", "echo \"$DEBIAN_FRONTEND $@\"");
  CHECK(machine.setup("build").text == "tools/setup: installing g++ ninja-build\n");
  CHECK(machine.setup("test").text == "tools/setup: installing g++ ninja-build catch2\n");
  const std::string options = "noninteractive -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 ";
  CHECK(shell("cat " + (machine.folder / "project/build/setup.log")).text ==
        options + "update\n" + options + "install --no-install-recommends g++ ninja-build catch2\n");
}

TEST_CASE("setup: one of several alternative packages is enough") {
  const Machine machine;
  machine.program("apt-get", "exit 1");
  machine.debian_without("gnuplot-nox gnuplot-x11");
  CHECK(machine.setup("build").text == "");
  machine.debian_without("gnuplot-nox gnuplot-x11 gnuplot-qt");
  machine.program("apt-get", "exit 0");
  CHECK(machine.setup("build").text == "tools/setup: installing gnuplot-nox\n");
}

const std::string kByHand =
    "install the packages of tools/packages.txt (groups: build) by hand, then start again with "
    "REGARD_SETUP=skip\n";

TEST_CASE("setup: a missing apt-get is an error that says what to do") {
  const Machine machine;
  machine.debian_without("");
  const Said said = machine.setup("build");
  CHECK(said.text ==
        "error: tools/setup: this machine has no apt-get, so packages cannot be installed here: " + kByHand);
  CHECK(said.code == 2);
  CHECK(machine.setup("build", "REGARD_SETUP=skip").code == 0);
}

TEST_CASE("setup: a package that the distribution does not have is named") {
  const Machine machine;
  machine.debian_without("libdnnl-dev");
  machine.program("apt-get",
                  "case \"$*\" in *install*) echo 'E: Unable to locate package libdnnl-dev'; exit 100;; esac");
  const Said said = machine.setup("build");
  CHECK(said.text ==
        "tools/setup: installing libdnnl-dev\nE: Unable to locate package libdnnl-dev\n"
        "error: tools/setup: this distribution has no package libdnnl-dev; the reference is Debian 12 or 13; the "
        "whole output of apt-get is in build/setup.log. Or " +
            kByHand);
  CHECK(said.code == 2);
}

TEST_CASE("setup: package lists that cannot be read are reported with the error of apt-get") {
  const Machine machine;
  machine.debian_without("cmake");
  machine.program("apt-get", "echo 'E: no network'; exit 100");
  const Said said = machine.setup("build");
  CHECK(said.text ==
        "tools/setup: installing cmake\nE: no network\nerror: tools/setup: apt-get could not read the lists of "
        "packages; the whole output of apt-get is in build/setup.log. Or " +
            kByHand);
  CHECK(said.code == 2);
}

TEST_CASE("setup: sudo is used if the user is not root and its absence is an error") {
  const Machine machine;
  machine.debian_without("cmake");
  machine.program("apt-get", "exit 0");
  const Said without = machine.setup("build", "FAKE_ID=1000");
  CHECK(without.text ==
        "error: tools/setup: cmake must be installed, but you are not root and there is no sudo; as root: apt-get "
        "install cmake\n");
  CHECK(without.code == 2);
  machine.program("sudo", "echo sudo \"$1\"; shift; exec \"$@\"");
  CHECK(machine.setup("build", "FAKE_ID=1000").code == 0);
  CHECK_THAT(shell("cat " + (machine.folder / "project/build/setup.log")).text, StartsWith("sudo -n\n"));
}

TEST_CASE("setup: an unknown group is refused") {
  const Said said = shell(kSource + "/tools/setup tset");
  CHECK(said.text == "error: tools/setup: unknown group 'tset'; the groups are build, test and check\n");
  CHECK(said.code == 2);
}

TEST_CASE("check: an unknown step is refused") {
  const Said said = shell(kSource + "/tools/check tidi");
  CHECK(said.text ==
        "error: tools/check: unknown step 'tidi'; the steps are format scripts bench browser clang headers tidy "
        "sanitizers bookworm trixie\n");
  CHECK(said.code == 2);
}

TEST_CASE("test: the slowest cases are listed at the end and the exit code is that of ctest") {
  const Machine machine;
  for (const char* name : {"flock", "touch", "cmake"}) machine.program(name, "exit 0");
  machine.program("nproc", "echo 2");
  std::string log = "1/2 Testing: nn.unit\n1/2 Test: nn.unit\nCommand: \"test_nn\"\n";
  for (int i = 1; i <= 10; ++i) log += "0." + std::to_string(10 + i) + "2 s: nn: " + std::to_string(i) + "\n";
  log += "2/2 Test: cli.cli\n  12.5 s\n12.345 s: run: a plan: it ends\nTest time = 12.40 sec\n";
  machine.folder.write("log", log);
  machine.program("ctest", "mkdir -p $2/Testing/Temporary\ncat " + (machine.folder / "log") +
                               " >$2/Testing/Temporary/LastTest.log\necho \"ctest $3\"\nexit 8");
  const Said said = shell("PATH=" + (machine.folder / "bin") + " REGARD_SETUP=skip bash " +
                          (machine.folder / "project/tools/test"));
  CHECK_THAT(said.text, EndsWith("ctest --output-on-failure\n\nThe slowest test cases, in seconds:\n"
                                 "    12.3  cli.cli: run: a plan: it ends\n     0.2  nn.unit: nn: 10\n"
                                 "     0.2  nn.unit: nn: 9\n     0.2  nn.unit: nn: 8\n     0.2  nn.unit: nn: 7\n"
                                 "     0.2  nn.unit: nn: 6\n     0.2  nn.unit: nn: 5\n     0.1  nn.unit: nn: 4\n"
                                 "     0.1  nn.unit: nn: 3\n     0.1  nn.unit: nn: 2\n"));
  CHECK(said.code == 8);
}

TEST_CASE("test: temporary files go to memory only where there is enough of it and nobody chose otherwise") {
  const Machine machine;
  const std::string memory = machine.folder / "memory";
  machine.program("mktemp", "mkdir " + memory + " && echo " + memory);
  const auto chosen = [&](const std::string& variables, const std::string& type, const std::string& free) {
    machine.program("stat", "case $3 in %T) echo " + type + " ;; *) echo '" + free + "' ;; esac");
    return shell("PATH=" + (machine.folder / "bin") + " " + variables + " bash -c '. " +
                 (machine.folder / "project/tools/common.sh") + " && files_in_memory && echo ${TMPDIR:-}'")
        .text;
  };
  CHECK(chosen("TMPDIR=", "tmpfs", "9000000 * 4096 / 1000000") == memory + "\n");
  CHECK_FALSE(std::filesystem::exists(memory));  // it goes when the script ends
  CHECK(chosen("TMPDIR=", "ext2/ext3", "9000000 * 4096 / 1000000") == "\n");
  CHECK(chosen("TMPDIR=", "tmpfs", "400000 * 4096 / 1000000") == "\n");
  CHECK(chosen("TMPDIR=/var/tmp", "tmpfs", "9000000 * 4096 / 1000000") == "/var/tmp\n");
}

TEST_CASE("debian: wrong arguments are refused") {
  const Said said = shell(kSource + "/tools/debian trixie");
  CHECK(said.text == "error: tools/debian: usage: tools/debian RELEASE FOLDER\n");
  CHECK(said.code == 2);
  const Folder folder;
  const std::string there = folder.path().string();
  CHECK(shell(kSource + "/tools/debian trixie " + there).text ==
        "error: tools/debian: " + there + " exists already; a bare system needs a new folder\n");
}

// tools/fetch_multi30k with a short list of checksums, and a site that has a corpus of two files of one line.
class Corpus final {
 public:
  Corpus() {
    folder.write("tools/common.sh", shell("cat " + kSource + "/tools/common.sh").text);
    folder.write("tools/fetch_multi30k", shell("cat " + kSource + "/tools/fetch_multi30k").text);
    folder.write("tools/multi30k.sha256",
                 "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865  train.en  "
                 "raw/data/task1/raw/train.en.gz\n"
                 "53c234e5e8472b6ac51c1ae1cab3fe06fad053beb8ebfd8977b010655bfdd3c3  tok/train.en  "
                 "tok/data/task1/tok/train.lc.norm.tok.en\n");
    folder.write("site/raw/data/task1/raw/train.en", "1\n");
    folder.write("site/tok/data/task1/tok/train.lc.norm.tok.en", "2\n");
    static_cast<void>(shell("gzip " + (folder / "site/raw/data/task1/raw/train.en")));
  }
  [[nodiscard]] Said fetch() const {
    return shell("bash " + (folder / "tools/fetch_multi30k") + " --from " + (folder / "site") + " " +
                 (folder / "out"));
  }
  Folder folder;
};

TEST_CASE("fetch_multi30k: files are downloaded and unpacked and checked") {
  const Corpus corpus;
  const Said said = corpus.fetch();
  CHECK(said.text == "fetched " + (corpus.folder / "out/train.en") + "\nfetched " +
                         (corpus.folder / "out/tok/train.en") + "\nMulti30k task 1 is in " +
                         (corpus.folder / "out") + "\n");
  CHECK(said.code == 0);
  CHECK(shell("cat " + (corpus.folder / "out/train.en") + " " + (corpus.folder / "out/tok/train.en")).text ==
        "1\n2\n");
}

TEST_CASE("fetch_multi30k: a good file is kept and a damaged one is not overwritten") {
  const Corpus corpus;
  corpus.folder.write("out/train.en", "1\n");
  corpus.folder.write("out/tok/train.en", "other\n");
  const Said said = corpus.fetch();
  CHECK(said.text == "error: " + (corpus.folder / "out/tok/train.en") +
                         ": differs from Multi30k's file with that name; move it away and start again\n");
  CHECK(said.code == 2);
  CHECK(shell("cat " + (corpus.folder / "out/tok/train.en")).text == "other\n");
}

TEST_CASE("fetch_multi30k: a wrong file from the site is not kept") {
  const Corpus corpus;
  corpus.folder.write("site/tok/data/task1/tok/train.lc.norm.tok.en", "not found\n");
  const Said said = corpus.fetch();
  CHECK_THAT(said.text,
             ContainsSubstring("error: " + (corpus.folder / "site/tok/data/task1/tok/train.lc.norm.tok.en") +
                               ": is not Multi30k's file (its sha256 differs), so it was not kept\n"));
  CHECK(said.code == 2);
  CHECK(shell("find " + (corpus.folder / "out") + " -type f").text == (corpus.folder / "out/train.en") + "\n");
}

TEST_CASE("fetch_multi30k: a file that cannot be downloaded is named") {
  const Corpus corpus;
  std::filesystem::remove_all(corpus.folder.path() / "site");
  const Said said = corpus.fetch();
  CHECK_THAT(said.text, EndsWith("error: cannot fetch " + (corpus.folder / "site/raw/data/task1/raw/train.en.gz") +
                                 "; the line above says why\n"));
  CHECK(said.code == 2);
}

// Runs tools/bench with a program that prints `cases` as Google Benchmark does.
Said bench(const Folder& folder, const std::string& cases, const std::string& options = "") {
  folder.write("said", cases);
  folder.write("program", "#!/bin/sh\ncase \"$*\" in *=json) cat " + (folder / "said") + " ;; esac\n");
  std::filesystem::permissions(folder / "program", std::filesystem::perms::owner_all);
  return shell("REGARD_BENCH=" + (folder / "program") + " " + kSource + "/tools/bench " + options);
}
std::string of_cases(const std::vector<std::string>& cases) {
  std::string text = "{\n  \"context\": {\n    \"threads\": \"2\"\n  },\n  \"benchmarks\": [\n";
  for (const std::string& lines : cases) text += "    {\n" + lines + "    },\n";
  return text + "  ]\n}\n";
}

TEST_CASE("bench: each group is one table with its own columns") {
  const Folder folder;
  const Said said =
      bench(folder,
            of_cases({"      \"name\": \"score/BLEU, of lines/real_time\",\n      \"real_time\": 3.614e+02,\n"
                      "      \"time_unit\": \"ms\",\n      \"BLEU\": 5.248e+01\n",
                      "      \"name\": \"op/add/min_time:0.100/real_time\",\n      \"threads\": 1,\n"
                      "      \"real_time\": 1.26e+00,\n      \"time_unit\": \"us\",\n      \"peak MB\": 5.0e-01\n",
                      "      \"name\": \"op/mul/iterations:1/manual_time\",\n      \"real_time\": 1.325e+03,\n"
                      "      \"time_unit\": \"us\",\n      \"GB/s\": 2.0e+00\n"}));
  CHECK(said.code == 0);
  CHECK_THAT(said.text, StartsWith("`tools/bench` on "));
  CHECK_THAT(said.text, ContainsSubstring("; threads 2\n"));
  CHECK_THAT(said.text, EndsWith("\n| score | time | BLEU |\n| --- | --- | --- |\n"
                                 "| BLEU, of lines | 361 ms | 52.5 |\n"
                                 "\n| op | time | peak MB | GB/s |\n| --- | --- | --- | --- |\n"
                                 "| add | 1.3 us | 0.5 | – |\n| mul | 1325 us | – | 2.0 |\n"));
}

TEST_CASE("bench: a case with a wrong result is reported and the exit code is 1") {
  const Folder folder;
  const Said said = bench(folder, of_cases({"      \"name\": \"op/add\",\n      \"error_occurred\": true,\n"
                                            "      \"error_message\": \"the result is wrong\",\n"
                                            "      \"real_time\": 1.3e+00,\n      \"time_unit\": \"us\"\n"}));
  CHECK(said.code == 1);
  CHECK_THAT(said.text, ContainsSubstring("| add | the result is wrong |"));
  CHECK_THAT(said.text, EndsWith("error: a case above gave a wrong result\n"));
}

TEST_CASE("bench: a filter that no case matches and an unknown option are refused") {
  const Folder folder;
  Said said = bench(folder, "", "nothing");
  CHECK(said.code == 2);
  CHECK(said.text == "error: tools/bench: no case has a name that matches 'nothing'\n");
  said = bench(folder, "", "--fast");
  CHECK(said.code == 2);
  CHECK(said.text == "error: tools/bench: unknown option '--fast'; there is --out FILE\n");
}

// Runs tools/ran_here in a small project with fake test programs. The tests with REGARD_ISA=`failing` fail, all
// others pass.
Said ran_here(const Folder& folder, const std::string& options, const std::string& failing) {
  folder.write("tools/common.sh", shell("cat " + kSource + "/tools/common.sh").text);
  folder.write("tools/ran_here", shell("cat " + kSource + "/tools/ran_here").text);
  folder.write(
      "bench/README.md",
      "before\n<!-- ran -->\n| instruction set | precision | processor | commit |\n| --- | --- | --- | --- |\n"
      "| avx2 | float32 | never | |\n| avx2 | bfloat16 | old | 123 |\n| amx | bfloat16 | never | |\n"
      "| baseline | float32 | never | |\n<!-- end -->\nafter\n");
  folder.write(
      "programs/tests/tensor/test_tensor",
      "#!/bin/sh\nprintf 'Filters\\npath baseline float32\\npath avx2 float32\\npath avx2 bfloat16\\n'\n");
  folder.write("bin/ctest", "#!/bin/sh\n[ \"$REGARD_ISA\" != '" + failing + "' ] && echo '100% tests passed'\n");
  for (const char* name : {"programs/tests/tensor/test_tensor", "bin/ctest"}) {
    std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
  }
  const std::string git = "cd " + folder.path().string() + " && git -c user.name=n -c user.email=e ";
  static_cast<void>(shell(git + "init -q . && git add . && " + git.substr(git.find("git")) + "commit -q -m 1"));
  return shell("cd " + folder.path().string() + " && PATH=" + (folder / "bin") +
               ":$PATH REGARD_TESTS=" + (folder / "programs") + " bash tools/ran_here " + options);
}

TEST_CASE("ran_here: rows whose tests passed name this machine and others do not change") {
  const Folder folder;
  const Said said = ran_here(folder, "--write", "avx2");
  CHECK(said.code == 1);
  CHECK_THAT(said.text, StartsWith("REGARD_ISA=baseline: 100% tests passed\nREGARD_ISA=avx2: tests failed\n"));
  const std::string commit = shell("git -C " + folder.path().string() + " rev-parse --short=10 HEAD").text;
  const std::string page = shell("cat " + (folder / "bench/README.md")).text;
  CHECK_THAT(page, StartsWith("before\n<!-- ran -->\n| instruction set |"));
  CHECK_THAT(page, ContainsSubstring("| avx2 | float32 | never | |\n| avx2 | bfloat16 | old | 123 |\n"
                                     "| amx | bfloat16 | never | |\n| baseline | float32 | "));
  CHECK_THAT(page, EndsWith(" | " + commit.substr(0, commit.size() - 1) + " |\n<!-- end -->\nafter\n"));
}

TEST_CASE("ran_here: the exit code is 0 if all tests passed and a changed file is refused") {
  const Folder folder;
  Said said = ran_here(folder, "", "none");
  CHECK(said.code == 0);
  CHECK_THAT(said.text, !ContainsSubstring("| avx2 | float32 | never") && !ContainsSubstring("old"));
  CHECK_THAT(said.text, ContainsSubstring("| amx | bfloat16 | never | |\n"));
  folder.write("bench/README.md", "changed");
  said = shell("bash " + (folder / "tools/ran_here"));
  CHECK(said.code == 2);
  CHECK(said.text ==
        "error: tools/ran_here: files differ from the commit that a row would name; commit them first\n");
  said = shell("bash " + (folder / "tools/ran_here") + " --wirte");
  CHECK(said.code == 2);
  CHECK(said.text == "error: tools/ran_here: unknown option '--wirte'; there is --write\n");
}

}  // namespace
}  // namespace regard::test
