#pragma once
// Test programs that are started again as a child, by code that starts its own program.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace regard::test {

// The words that this process was started with.
inline std::vector<std::string> own_words() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = all.find('\0', begin);
    words.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

// A global one in a test's source: where the program's first argument is `word`, it gives the arguments behind it to
// `child` and ends the process with its code, before main() takes them for names of cases.
class ChildProcess final {
 public:
  ChildProcess(const char* word, int (*child)(const std::vector<std::string>& arguments)) {
    const std::vector<std::string> words = own_words();
    if (words.size() < 2 || words[1] != word) return;
    const int code = child({words.begin() + 2, words.end()});
    std::fflush(stdout);
    ::_exit(code);
  }
};

}  // namespace regard::test
