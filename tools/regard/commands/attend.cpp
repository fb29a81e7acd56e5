// regard attend --model RUN SENTENCE: shows the attention of the model on a sentence, as a heat map.
// regard attend FOLDER --intervene: intervene.cpp.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "framework/base/environment.h"
#include "framework/base/files.h"
#include "framework/inference/trained_run.h"
#include "framework/report/figures/weights.h"
#include "framework/runs/results_json.h"
#include "tools/regard/commands/arguments.h"
#include "tools/regard/commands/instructions.h"

namespace regard::cli {
namespace {

// Returns the columns of the terminal at standard output; 100 if it is not a terminal.
Index width() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 100;
}

bool wants_colour(const Arguments& arguments) {
  const std::string when = arguments.has("color") ? arguments.text("color") : "auto";
  if (when == "always") return true;
  if (when == "never") return false;
  if (when != "auto") arguments.fail(fmt::format("--color is auto, always or never, got \"{}\"", when));
  return isatty(STDOUT_FILENO) != 0 && environment("NO_COLOR").empty();  // no-color.org
}

void warn_unknown(const std::vector<std::string>& words, const char* language) {
  if (words.empty()) return;
  fmt::print(stderr, "warning: not in the {} vocabulary, so read as <unk>: {}\n", language, fmt::join(words, " "));
}

}  // namespace

int attend(const Words& words) {
  namespace po = boost::program_options;
  Arguments arguments(
      "attend", "attend --model RUN SENTENCE [--target TEXT] [--svg FILE] [--json], or attend FOLDER --intervene");
  arguments.positional("sentence", "in the source language; one word of the command line", 1);
  arguments.options()("model", po::value<std::string>(),
                      "the folder of a run, for example runs/quickstart/dot/seed-1")(
      "target", po::value<std::string>(), "show the attention for this translation; default: the model's own")(
      "svg", po::value<std::string>(), "also write the heat map to this file")(
      "json", "print words and weights as one line of JSON instead")("color", po::value<std::string>(),
                                                                     "auto (the default), always or never")(
      "intervene",
      "measure how loss and BLEU of all finished runs of a folder change with other attention weights")(
      "weights", po::value<std::vector<std::string>>(),
      "with --intervene: even, shuffled, hardest, shifted, other or gold; can be repeated; default: all")(
      "other", po::value<std::string>(),
      "with --intervene: the system whose weights the others get; default: the baseline");
  arguments.declare_plugins();
  if (!arguments.parse(words)) return 0;
  if (arguments.has("intervene")) return intervene(arguments);
  for (const char* only : {"weights", "other"}) {
    if (arguments.has(only)) arguments.fail(fmt::format("--{} belongs to --intervene", only));
  }
  if (!arguments.has("model")) arguments.fail("needs --model RUN");
  const std::string sentence = arguments.required("sentence");
  const bool colour = wants_colour(arguments);
  choose_instructions();
  const inference::TrainedRun run(arguments.text("model"), arguments.texts("plugin"));
  std::optional<std::string> target;
  if (arguments.has("target")) target = arguments.text("target");
  const auto example = run.attend(sentence, target);
  warn_unknown(run.unknown_source(sentence), "source");
  if (target) warn_unknown(run.unknown_target(*target), "target");
  if (arguments.has("svg")) write_file(arguments.text("svg"), report::weights_svg(example));
  if (arguments.has("json")) {
    fmt::print("{}", runs::to_json(example));
    return 0;
  }
  const report::TerminalStyle style{.colour = colour, .width = width()};
  fmt::print("{}", report::weights_text(example, style));
  for (std::size_t n = 0; n < example.maps.size(); ++n) {
    fmt::print("\nmap {} of {}, of which the weights above are the mean\n{}", n + 1, example.maps.size(),
               report::weights_text(report::map_of(example, n), style));
  }
  if (!target) {
    std::vector<std::string> written = example.target;
    if (!written.empty() && written.back() == "</s>") written.pop_back();
    fmt::print("\n{}\n", run.target_line(written));
  }
  return 0;
}

}  // namespace regard::cli
