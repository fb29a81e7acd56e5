#pragma once
// A page of docs/ as its reader meets it: blocks to be run, and what they are shown to say.
#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace regard::test {

// A fenced block behind a comment: <!-- file: NAME -->, <!-- run --> or <!-- output -->.
struct Block {
  std::string kind;
  std::string text;
};

inline std::vector<Block> blocks_of(const std::string& page) {
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
      if (kind.empty()) throw std::runtime_error("a block of the page that no test runs: " + line);
      blocks.push_back({kind, ""});
      inside = true;
    }
  }
  return blocks;
}

// Numbers differ from machine to machine: each becomes #, several beside each other one (a heat map leaves those
// out that are next to nothing), and spaces become one.
inline std::string plain(const std::string& line) {
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
inline std::string first_missing(const std::string& shown, const std::string& said) {
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

}  // namespace regard::test
