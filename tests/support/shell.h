#pragma once
// Runs a line of the shell in a test and returns what it writes.
#include <string>

namespace regard::test {

struct Said {
  int code = 0;           // the exit code; 128 + its number where a signal ended it
  std::string text = {};  // standard output and standard error, in the order written
};

// Runs a line of sh in the current folder, with this process's environment and nothing on standard input.
Said shell(const std::string& line);

}  // namespace regard::test
