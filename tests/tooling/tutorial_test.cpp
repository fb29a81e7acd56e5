// docs/attention.md as its reader meets it: the files written, the commands run in their order against the
// installed package, and each output shown found in what was said.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "framework/attention/conformance.h"
#include "framework/base/files.h"
#include "tests/support/catch.h"
#include "tests/tooling/installed.h"
#include "tests/tooling/shell.h"

namespace regard::test {
namespace {

// A fenced block behind a comment: <!-- file: NAME -->, <!-- run --> or <!-- output -->.
struct Block {
  std::string kind;
  std::string text;
};

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> blocks;
  std::istringstream lines(page);
  std::string kind;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (inside && line == "```") {
      inside = false;
      kind.clear();
    } else if (inside) {
      blocks.back().text += line + "\n";
    } else if (line.starts_with("<!-- ") && line.ends_with(" -->")) {
      kind = line.substr(5, line.size() - 9);
    } else if (line.starts_with("```")) {
      if (kind.empty()) throw std::runtime_error("a block of docs/attention.md that no test runs: " + line);
      blocks.push_back({kind, ""});
      inside = true;
    }
  }
  return blocks;
}

// Numbers differ from machine to machine: each becomes #, several beside each other one (a heat map leaves those
// out that are next to nothing), and spaces become one.
std::string plain(const std::string& line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto digit = [&](std::size_t at) {
      return at < line.size() && std::isdigit(static_cast<unsigned char>(line[at]));
    };
    if (digit(i) || ((line[i] == '.' || line[i] == '-') && digit(i + 1))) {
      while (digit(i + 1) || ((line[i + 1] == '.' || line[i + 1] == '-' || line[i + 1] == '+') && digit(i + 2)) ||
             (line[i + 1] == 'e' && (line[i + 2] == '-' || line[i + 2] == '+'))) {
        ++i;
      }
      if (out != "# " && !out.ends_with(" # ")) out += '#';
    } else if (line[i] != ' ' || (!out.empty() && out.back() != ' ')) {
      out += line[i];
    }
  }
  out.resize(std::min(out.size(), out.find(" at gradient of ")));  // which number is the worst is chance
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// The first line shown that was not said behind those before it; empty where all were.
std::string first_missing(const std::string& shown, const std::string& said) {
  std::istringstream all(said);
  std::istringstream wanted(shown);
  for (std::string line; std::getline(wanted, line);) {
    if (line == "…") continue;
    bool found = false;
    for (std::string other; !found && std::getline(all, other);) found = plain(other) == plain(line);
    if (!found) return line;
  }
  return {};
}

}  // namespace

TEST_CASE("docs/attention.md: what it shows is what happens", "[cli]") {
  const std::string page = read_file(REGARD_SOURCE_DIR "/docs/attention.md");
  const Folder folder;
  std::string here = folder.path().string();
  std::string said;
  int outputs = 0;
  for (const Block& block : blocks_of(page)) {
    INFO(block.kind << "\n" << block.text);
    if (block.kind.starts_with("file: ")) {
      write_file(std::filesystem::path(here) / block.kind.substr(6), block.text);
    } else if (block.kind == "run") {
      said = require_ok(with_package() + "export CMAKE_PREFIX_PATH=" + prefix() + " CMAKE_GENERATOR=Ninja && cd " +
                        here + " && set -e && " + block.text + "\npwd > " + (folder / "where"));
      here = read_file(folder / "where");
      here.pop_back();
    } else {
      REQUIRE(block.kind == "output");
      INFO(said);
      CHECK(first_missing(block.text, said) == "");
      ++outputs;
    }
  }
  CHECK(outputs >= 6);
}

TEST_CASE("docs/attention.md: every check is explained") {
  const std::string page = read_file(REGARD_SOURCE_DIR "/docs/attention.md");
  const std::string table = page.substr(page.find("| check | holds if |"));
  for (const auto& check : attention::conformance_checks()) {
    INFO(check.name);
    CHECK(table.substr(0, table.find("\n\n")).find(check.name) != std::string::npos);
  }
}

TEST_CASE("docs/attention.md: a line that was not said is noticed") {
  CHECK(first_missing("a 1.5e-10  b\n…\nc\n", "a 2.5e-07 b\nx\nc\n") == "");
  CHECK(first_missing("c\na\n", "a\nc\n") == "a");
  CHECK(first_missing("a -3 .5\n", "a 4 1.00\n") == "");
  CHECK(first_missing("passed\n", "FAILED\n") == "passed");
  CHECK(first_missing("s4   1.00\n", "s4    .98  .02\n") == "");
  CHECK(first_missing("s4   1.00\n", "s4\n") == "s4   1.00");
}

}  // namespace regard::test
