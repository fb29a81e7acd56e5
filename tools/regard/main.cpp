// The program: argv[1] is the command. The one place where errors become a line and an exit code.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <new>
#include <system_error>

#include "framework/base/errors.h"
#include "framework/base/files.h"
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
      {"dump", "FOLDER SYSTEM --out F", "logits, loss and gradients of a run on one batch, to compare with others",
       reference_dump},
      {"check", "NAME", "whether an attention variant keeps the contract", check},
      {"corpus", "NAME --out FOLDER", "write a built-in corpus as plain files", corpus},
      {"new", "attention NAME", "a plug-in to start from", create},
      {"list", "[attention | corpus]", "what can be named in a plan", list},
      {"explain", "[KEY]", "what a key of a plan means", explain},
      {"schema", "", "JSON Schema of a plan, for editors", schema},
      {"probe", "FILE...", "whether plug-ins can be loaded, for the other commands", probe, true},
      {"instructions", "", "whether the kernels in use compute, for the other commands", instructions, true},
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

int fail(const char* what, int code) {
  fmt::print(stderr, "error: {}\n", what);
  return code;
}

int answer(int argc, char** argv) {
  try {
    return call(argc, argv);
  } catch (const Error& error) {
    return fail(error.what(), error.exit_code());
  } catch (const std::bad_alloc&) {
    return fail(kOutOfMemory, 1);
  } catch (const std::system_error& error) {
    if (std::ferror(stdout) != 0) return 0;  // fmt::print() met a full disk or a broken pipe: see flushed()
    return fail(error.what(), 1);
  } catch (const std::exception& error) {
    return fail(error.what(), 1);
  }
}

// Whether nobody reads standard output any more (`| head`).
bool reader_is_gone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

// Writes what is left of standard output. Returns `code`, or that of an error where standard output did not take all
// that a command printed; a reader that is gone is no error.
int flushed(int code) {
  const int earlier = errno;  // of a write that failed before, if one did
  const bool failed = std::ferror(stdout) != 0;
  errno = 0;
  if ((std::fflush(stdout) == 0 && !failed) || reader_is_gone()) return code;
  const FolderError error(
      fmt::format("standard output: cannot be written: {}", cause_of(failed ? earlier : errno)));
  return fail(error.what(), code == 0 ? error.exit_code() : code);
}

}  // namespace
}  // namespace regard::cli

int main(int argc, char** argv) {
  regard::cli::prepare_process();
  const std::string out_of_memory = fmt::format("error: {}\n", regard::kOutOfMemory);
  regard::say_out_of_memory(out_of_memory.c_str(), STDERR_FILENO);
  errno = 0;
  return regard::cli::flushed(regard::cli::answer(argc, argv));
}
