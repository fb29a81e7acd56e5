#pragma once
// Splits a page of docs/ into its commands and the outputs that it shows.
#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace regard::test {

// A fenced block after a comment: <!-- file: NAME -->, <!-- run --> or <!-- output -->.
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

// Replaces numbers, which differ from machine to machine: each becomes #, and neighbouring ones become a single #
// (a heat map leaves out very small ones). Several spaces become one.
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
  out.resize(std::min(out.size(), out.find(" at gradient of ")));  // the place of the largest error is random
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Returns the first shown line that does not follow the earlier ones in the real output; empty if there is none.
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
