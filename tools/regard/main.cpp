// The program: argv[1] is the command. Errors become one line and an exit code here, and nowhere else.
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
      {"score", "--ref REF HYP...", "compute BLEU, chrF and TER of files, and their significance",
       [](const Words& words) { return score(words, std::cout, std::cerr); }},
      {"status", "FOLDER", "show the progress of each run of a plan, also while it runs", status},
      {"verify", "FOLDER", "compute hashes and scores again and print each difference", verify},
      {"clean", "FOLDER [--yes]", "list, or remove, files that a run folder's plan does not need", clean},
      {"digest", "FOLDER", "print one hash over the results of a run folder", digest},
      {"translate", "--model RUN [FILE...]", "translate text with a trained model, line by line", translate},
      {"attend", "--model RUN SENTENCE", "show the attention of a model on a sentence, as a heat map", attend},
      {"dump", "FOLDER SYSTEM --out F",
       "write logits, loss and gradients of a run on one batch, for other programs", reference_dump},
      {"check", "NAME", "check an attention variant against the contract", check},
      {"corpus", "NAME --out FOLDER", "write a built-in corpus as plain files", corpus},
      {"new", "attention NAME", "write a plug-in to start from", create},
      {"list", "[attention | corpus]", "list the attentions and corpora that a plan can name", list},
      {"explain", "[KEY]", "explain a key of a plan", explain},
      {"schema", "", "print a JSON Schema of a plan, for editors", schema},
      {"probe", "FILE...", "try to load plug-ins, for the other commands", probe, true},
      {"instructions", "", "try the kernels in use, for the other commands", instructions, true},
      {"worker", "FOLDER SYSTEM SEED", "train and decode one run, for `regard run`", worker, true},
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
  fmt::print(out, "\nregard COMMAND --help lists the options of a command.\n");
}

// Opens standard descriptors that the shell left closed; otherwise a file of ours could get such a number, and
// messages would be written into it. Ignores SIGXFSZ, so that a file over the size limit is an error with a name,
// not a signal.
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
    if (std::ferror(stdout) != 0) return 0;  // fmt::print() failed: a full disk or a broken pipe; see flushed()
    return fail(error.what(), 1);
  } catch (const std::exception& error) {
    return fail(error.what(), 1);
  }
}

// Returns whether nobody reads standard output any more (`| head`).
bool reader_is_gone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

// Flushes standard output. Returns `code`, or the code of an error if the output of a command could not all be
// written. A reader that is gone is not an error.
int flushed(int code) {
  const int earlier = errno;  // of an earlier failed write, if there was one
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
