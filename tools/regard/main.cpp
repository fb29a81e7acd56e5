// The program: argv[1] is the command. The one place where errors become a line and an exit code.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>

#include "framework/base/errors.h"
#include "framework/base/nearest.h"
#include "framework/base/out_of_memory.h"
#include "framework/base/version.h"
#include "tools/regard/commands/commands.h"
#include "tools/regard/commands/score.h"

namespace regard::cli {

std::span<const Command> commands() {
  static constexpr Command kCommands[] = {
      {"run", "PLAN", "train, decode and score all systems of a plan, then report", run},
      {"report", "FOLDER", "make the report of a run folder again", report},
      {"score", "--ref REF HYP...", "BLEU, chrF and TER of files, and their significance",
       [](const Words& words) { return score(words, std::cout, std::cerr); }},
      {"status", "FOLDER", "how far each run of a plan is, also while it runs", status},
      {"verify", "FOLDER", "compute hashes and scores again and say what does not agree", verify},
      {"clean", "FOLDER [--yes]", "list, or remove, what a run folder's plan does not need", clean},
      {"digest", "FOLDER", "one hash over the results of a run folder", digest},
      {"translate", "--model RUN [FILE...]", "translate text with a trained model, line by line as it comes",
       translate},
      {"attend", "--model RUN SENTENCE", "where a model looks while it writes, as a heat map", attend},
      {"check", "NAME", "whether an attention variant keeps the contract", check},
      {"corpus", "NAME --out FOLDER", "write a built-in corpus as plain files", corpus},
      {"new", "attention NAME", "a plug-in to start from", create},
      {"list", "[attention | corpus]", "what can be named in a plan", list},
      {"explain", "[KEY]", "what a key of a plan means", explain},
      {"schema", "", "JSON Schema of a plan, for editors", schema},
      {"probe", "FILE...", "whether plug-ins can be loaded, for the other commands", probe, true},
      {"instructions", "", "whether the kernels in use compute, for the other commands", instructions, true},
      {"trial", "FOLDER SYSTEM --seed N --out FILE", "what a run computes on a batch, to compare", reference_dump,
       true},
      {"worker", "FOLDER SYSTEM SEED", "one run, for `regard run`", worker, true},
  };
  return kCommands;
}

namespace {

void print_usage(std::FILE* out) {
  fmt::print(
      out, "regard {}: a laboratory for attention in sequence-to-sequence models\n\nusage: regard COMMAND ...\n\n",
      version());
  for (const Command& command : commands()) {
    if (!command.hidden) fmt::print(out, "  {:<9} {:<22} {}\n", command.name, command.usage, command.summary);
  }
  fmt::print(out, "\nregard COMMAND --help says more.\n");
}

// What the shell left closed is opened, so that no file of ours takes its number and what is said goes into it; a
// file that would be too large is an error with a name, not a signal.
void prepare_process() {
  for (int descriptor = open("/dev/null", O_RDWR); descriptor >= 0; descriptor = open("/dev/null", O_RDWR)) {
    if (descriptor <= STDERR_FILENO) continue;
    close(descriptor);
    break;
  }
  signal(SIGXFSZ, SIG_IGN);
}

int call(int argc, char** argv) {
  if (argc < 2) {
    print_usage(stderr);
    return 2;
  }
  const std::string name = argv[1];
  if (name == "--help" || name == "-h" || name == "help") {
    print_usage(stdout);
    return 0;
  }
  if (name == "--version") {
    fmt::print("regard {} ({}{})\n", version(), commit(), tree_clean() ? "" : ", changed");
    return 0;
  }
  std::vector<std::string> known;
  for (const Command& command : commands()) {
    if (name == command.name) return command.call({argv + 2, argv + argc});
    if (!command.hidden) known.emplace_back(command.name);
  }
  throw ConfigError(fmt::format("unknown command '{}'{} Known: {}", name,
                                did_you_mean(name, known).empty() ? "." : did_you_mean(name, known),
                                fmt::join(known, ", ")));
}

}  // namespace
}  // namespace regard::cli

int main(int argc, char** argv) {
  regard::cli::prepare_process();
  const std::string out_of_memory = fmt::format("error: {}\n", regard::kOutOfMemory);
  regard::say_out_of_memory(out_of_memory.c_str(), STDERR_FILENO);
  try {
    return regard::cli::call(argc, argv);
  } catch (const regard::Error& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return error.exit_code();
  } catch (const std::bad_alloc&) {
    std::fputs(out_of_memory.c_str(), stderr);
    return 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}
