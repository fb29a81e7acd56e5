#pragma once
// The commands of the program, one file each. A command gets the words after its name, writes its result to
// standard output, and progress and warnings to standard error. It returns the exit code. It throws errors; main()
// prints them.
#include <span>
#include <string>
#include <vector>

namespace regard::cli {

using Words = std::vector<std::string>;

int attend(const Words& words);
int check(const Words& words);
int clean(const Words& words);
int corpus(const Words& words);
int create(const Words& words);
int digest(const Words& words);
int explain(const Words& words);
int instructions(const Words& words);
int list(const Words& words);
int probe(const Words& words);
int report(const Words& words);
int run(const Words& words);
int schema(const Words& words);
int status(const Words& words);
int translate(const Words& words);
int reference_dump(const Words& words);
int verify(const Words& words);
int worker(const Words& words);

struct Command {
  const char* name = nullptr;
  const char* usage = nullptr;
  const char* summary = nullptr;
  int (*call)(const Words&) = nullptr;
  bool hidden = false;
};

[[nodiscard]] std::span<const Command> commands();

}  // namespace regard::cli
