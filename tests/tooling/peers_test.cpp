// tools/peers/take_turns.py with fake programs in place of regard's and PyTorch's.
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/skip.h"
#include "tests/tooling/shell.h"

namespace regard::test {
namespace {

const std::string kSource = REGARD_SOURCE_DIR;

// Both programs in one: it answers `export`, `about`, or lines on standard input, with fixed rates and losses. As
// PyTorch it also prints the core of its OpenBLAS.
const char* const kProgram = R"(#!/usr/bin/env python3
import json, os, sys
words = sys.argv[1:]
if words[0] == "export":
    os.makedirs(words[1], exist_ok=True)
    sys.exit()
ours = words[0] == "serve"
folder, precision = (words[1], words[3]) if ours else ("", words[-2] if len(words) > 1 else "")
inside = "inside" in __file__
if not ours:
    print("Core: " + os.environ.get("FAKE_CORE", os.environ.get("OPENBLAS_CORETYPE", "none")), file=sys.stderr)
    folder = (os.path.dirname(__file__) if inside else "") + words[0].replace("/peers", "")
    if words == ["about"]:
        print(json.dumps({"torch": "2.6.0+debian" if inside else "1.13.0a0", "fused": inside}))
        sys.exit()
rate = {"float32": 100, "bfloat16x3": 150, "bfloat16": 300}[precision] * (4 if ours else 2 if inside else 1)
for line in sys.stdin:
    command, *number = line.split()
    if command == "train":
        answer = {"seconds": [1] * int(number[0]), "tokens": [rate] * int(number[0])}
        if ours:
            answer["flops"] = [rate * 1e9] * int(number[0])
    if command == "losses":
        answer = {"losses": [1.5, 0.25]}
    if command == "memory":
        answer = {"peak_mb": 10}
    if command == "decode":
        name = "%s/%s.%s.%s.txt" % (folder, "regard" if ours else "torch", precision, number[0])
        open(name, "w").write("1 2\n%s\n" % ("3" if ours or inside else "4"))
        answer = {"seconds": 1, "sentences": rate}
    print(json.dumps(answer), flush=True)
)";

// A folder with take_turns.py, both programs, a folder as Debian 13, and a fake chroot that starts programs in it.
class Peers final {
 public:
  Peers() {
    program("regard_peer", kProgram);
    program("tools/seq2seq_torch.py", kProgram);
    program("tools/take_turns.py", shell("cat " + kSource + "/tools/peers/take_turns.py").text);
    program("tools/trixie", "#!/bin/sh\nmkdir -p \"$1\"\n");
    program(
        "bin/chroot",
        "#!/bin/sh\nroot=$1; shift\nfor word; do shift; case $word in\n"
        "/peers/*.py) set -- \"$@\" \"$root$word\" ;; *) set -- \"$@\" \"$word\" ;; esac; done\nexec \"$@\"\n");
  }
  [[nodiscard]] Said compare(const std::string& options, const std::string& variables = "") const {
    return shell("PATH=" + (folder / "bin") + ":$PATH " + variables + " python3 " +
                 (folder / "tools/take_turns.py") + " --program " + (folder / "regard_peer") + " --folder " +
                 (folder / "data") + " --systems dot --rounds 1 --steps 2 " + options);
  }
  Folder folder;

 private:
  void program(const std::string& name, const std::string& text) const {
    folder.write(name, text);
    std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
  }
};

bool has_avx2() {
  const Said flags = shell("grep -m1 '^flags' /proc/cpuinfo");
  return flags.text.find(" avx2 ") != std::string::npos;
}

std::string core() {
  return shell("grep -qm1 '^flags.* avx512f ' /proc/cpuinfo && echo SKYLAKEX || echo HASWELL").text.substr(0, 8);
}

// Python is only needed to compare with PyTorch; a bare machine has none.
bool has_python() { return shell("command -v python3").code == 0; }

TEST_CASE("peers: ratios are against the faster PyTorch and the cores are below the table") {
  if (!has_python()) REGARD_SKIP("the scripts of tools/peers need python3");
  if (!has_avx2()) REGARD_SKIP("without AVX2 OpenBLAS chooses its core");
  const Peers peers;
  const Said said = peers.compare("--decode-rounds 1 --trixie " + (peers.folder / "inside"));
  INFO(said.text);
  CHECK(said.code == 0);
  for (const char* row : {
           "| dot | regard float32 | 400 | 400 | 2.00 | 2.00 | 10 | 400 | 2.0 | 400 | 2.0 | 1.50000 0.25000 |\n",
           "| dot | regard bfloat16x3 | 600 | 600 | 3.00 | – | 10 | 600 | 3.0 | 600 | 3.0 | 1.50000 0.25000 |\n",
           "| dot | regard bfloat16 | 1200 | 1200 | 6.00 | 2.00 "
           "| 10 | 1200 | 6.0 | 1200 | 6.0 | 1.50000 0.25000 |\n",
           "| dot | PyTorch 1.13 float32 | 100 | 100 | 0.50 | 0.50 "
           "| 10 | 100 | 0.5 | 100 | 0.5 | 1.50000 0.25000 |\n",
           "| dot | PyTorch 2.6 bfloat16 | 600 | 600 | 3.00 | 1.00 "
           "| 10 | 600 | 3.0 | 600 | 3.0 | 1.50000 0.25000 |\n",
           "dot, float32, beam 1: 50.0 % of the translations are equal to those of PyTorch 1.13\n",
           "dot, float32, beam 5: 100.0 % of the translations are equal to those of PyTorch 2.6\n",
       }) {
    CHECK_THAT(said.text, ContainsSubstring(row));
  }
  CHECK_THAT(said.text,
             ContainsSubstring("\nPyTorch 1.13: OpenBLAS core " + core() +
                               ", Adam not fused; PyTorch 2.6: OpenBLAS core " + core() + ", Adam fused\n"));
}

TEST_CASE("peers: the table says that there is no Debian 13") {
  if (!has_python()) REGARD_SKIP("the scripts of tools/peers need python3");
  if (!has_avx2()) REGARD_SKIP("without AVX2 OpenBLAS chooses its core");
  const Peers peers;
  const Said said = peers.compare("--decode-rounds 0");
  CHECK(said.code == 0);
  CHECK_THAT(said.text,
             ContainsSubstring("| dot | regard float32 | 400 | 400 | 4.00 | 4.00 | 10 | – | – | – | – |"));
  CHECK_THAT(said.text, EndsWith("\nPyTorch 1.13: OpenBLAS core " + core() +
                                 ", Adam not fused; PyTorch 2.6 was not run (--trixie)\n"));
}

TEST_CASE("peers: nothing is compared if OpenBLAS uses an old core") {
  if (!has_python()) REGARD_SKIP("the scripts of tools/peers need python3");
  if (!has_avx2()) REGARD_SKIP("without AVX2 OpenBLAS chooses its core");
  const Peers peers;
  const Said said = peers.compare("", "FAKE_CORE=Prescott");
  CHECK(said.code == 1);
  CHECK(said.text == "error: PyTorch 1.13: its OpenBLAS uses the core 'Prescott', but this processor has " +
                         std::string(core() == "SKYLAKEX" ? "avx512f" : "avx2") + " (" + core() +
                         " or as good): ratios would be too good. Is libopenblas0-openmp installed there, and "
                         "does python3-numpy use it?\n");
}

TEST_CASE("peers: cores and flags are read in the form that OpenBLAS and the kernel write") {
  if (!has_python()) REGARD_SKIP("the scripts of tools/peers need python3");
  const Peers peers;
  peers.folder.write(
      "tools/check.py",
      "import take_turns as t\n"
      "flags = t.flags_of('model name : avx512f\\nflags\\t\\t: fpu avx2 fma\\n')\n"
      "print(t.tuned(2, flags)['OPENBLAS_CORETYPE'], t.tuned(2, {'avx2', 'avx512f'})['OPENBLAS_CORETYPE'],\n"
      "      'OPENBLAS_CORETYPE' in t.tuned(2, {'sse2'}), t.core_in('x\\nCore: SkylakeX\\n'), t.core_in(''))\n"
      "print(t.refusal('P', 'Haswell', flags), t.refusal('P', 'Zen', flags),\n"
      "      t.refusal('P', 'Prescott', {'sse2'}), t.refusal('P', 'Haswell', {'avx512f'}) is None)\n");
  const Said said = shell("python3 -B " + (peers.folder / "tools/check.py"));
  CHECK(said.text == "HASWELL SKYLAKEX False SkylakeX unknown\nNone None None False\n");
}

TEST_CASE("peers: a Debian 13 needs a folder and root and an archive") {
  const std::string trixie = kSource + "/tools/peers/trixie";
  Said said = shell(trixie);
  CHECK(said.code == 2);
  CHECK(said.text == "error: tools/peers/trixie takes one argument, the folder for the Debian 13\n");
  const Folder folder;
  const auto program = [&](const std::string& name, const std::string& body) {
    folder.write("bin/" + name, "#!/bin/sh\n" + body + "\n");
    std::filesystem::permissions(folder / ("bin/" + name), std::filesystem::perms::owner_all);
  };
  const std::string start = "PATH=" + (folder / "bin") + ":$PATH " + trixie + " " + (folder / "new");
  program("id", "echo 1000");
  said = shell(start);
  CHECK(said.code == 2);
  CHECK(said.text == "error: tools/peers/trixie must be root: it makes a chroot and mounts /proc in it\n");
  program("id", "echo 0");
  program("debootstrap", "echo \"$@\"; exit 1");
  program("cat", "true");  // no sources
  said = shell(start);
  CHECK(said.code == 2);
  CHECK(said.text ==
        "error: tools/peers/trixie: no source of this machine's apt has an http address, so there is no archive "
        "for Debian 13\n");
  program("cat", "printf 'Types: deb\\n# http://old/x\\nURIs: http://first/debian http://second/debian\\n'");
  said = shell(start);
  CHECK(said.code == 2);
  CHECK_THAT(said.text, EndsWith("error: tools/peers/trixie: debootstrap failed; the end of " +
                                 (folder / "new.log") + " says why\n"));
  CHECK(shell("/bin/cat " + (folder / "new.log")).text ==
        "--variant=minbase trixie " + (folder / "new") + " http://first/debian\n");
}

}  // namespace
}  // namespace regard::test
