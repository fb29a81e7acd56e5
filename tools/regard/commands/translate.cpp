// regard translate --model RUN [FILE...]: translates text line by line.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <optional>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/data/corpus.h"
#include "framework/inference/export.h"
#include "framework/inference/translator.h"
#include "framework/inference/word_alignment.h"
#include "tools/regard/commands/arguments.h"
#include "tools/regard/commands/instructions.h"
#include "tools/regard/commands/line_input.h"

namespace regard::cli {
namespace {

namespace po = boost::program_options;

constexpr Index kBatches = 16;  // at most so many batches of lines are read at a time

enum class Alignments : std::uint8_t { none, hard, soft };

// The form in which a translation is printed.
struct Form {
  bool nbest = false;
  bool scores = false;
  Alignments alignments = Alignments::none;
  bool skip_invalid = false;
};

Form form_of(const Arguments& arguments) {
  Form form{arguments.has("nbest"), arguments.has("scores") || arguments.has("target")};
  form.skip_invalid = arguments.has("skip-invalid");
  if (!arguments.has("alignments")) return form;
  const std::string given = arguments.text("alignments");
  if (given != "hard" && given != "soft")
    arguments.fail(fmt::format("--alignments is hard or soft, got \"{}\"", given));
  form.alignments = given == "hard" ? Alignments::hard : Alignments::soft;
  return form;
}

std::string shown(const inference::TranslatedLine& line, Index number, const Form& form) {
  std::string text;
  for (const inference::Translated& one : line.found) {
    if (form.nbest) {
      text += inference::nbest_entry(number, one.text, one.score, one.log_probability);
    } else {
      text += one.text;
      if (form.scores) text += " ||| " + inference::score_text(one.score, one.log_probability);
    }
    if (form.alignments != Alignments::none) {
      const auto links = form.alignments == Alignments::hard ? inference::hard_pharaoh : inference::soft_pharaoh;
      text += " ||| " + (one.words ? links(*one.words) : std::string());
    }
    text += '\n';
    if (!form.nbest) break;
  }
  return text;
}

std::string all_shown(const std::vector<inference::TranslatedLine>& lines, Index first, const Form& form) {
  std::string text;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += shown(lines[i], first + static_cast<Index>(i), form);
    for (const std::string& note : lines[i].notes) fmt::print(stderr, "warning: {}\n", note);
  }
  return text;
}

// Returns the run with this name in the plan of `first`, or otherwise the one with this path.
Path run_named(const std::string& name, const inference::TrainedRun& first) {
  const Path inside = first.folder().parent_path().parent_path() / name;
  return std::filesystem::exists(inside) ? inside : Path(name);
}

std::vector<std::unique_ptr<inference::TrainedRun>> open_runs(const Arguments& arguments) {
  std::vector<std::unique_ptr<inference::TrainedRun>> runs;
  const auto plugins = arguments.texts("plugin");
  runs.push_back(std::make_unique<inference::TrainedRun>(arguments.text("model"), plugins));
  if (!arguments.has("ensemble")) return runs;
  const std::string list = arguments.text("ensemble");
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string name = list.substr(begin, end - begin);
    if (name.empty())
      arguments.fail(fmt::format(
          "--ensemble takes runs with ',' between them, as in dot/seed-1,dot/seed-2, got \"{}\"", list));
    runs.push_back(std::make_unique<inference::TrainedRun>(run_named(name, *runs.front()), plugins));
    begin = end + 1;
  }
  return runs;
}

// Prints a prompt on a terminal, and nothing otherwise.
class Prompt final {
 public:
  explicit Prompt(bool wanted) : wanted_(wanted && isatty(STDERR_FILENO) != 0) {}
  void ask() const {
    if (wanted_) fmt::print(stderr, "> ");
  }
  void end() const {
    if (wanted_) fmt::print(stderr, "\n");
  }

 private:
  bool wanted_;
};

void score_given(const inference::Translator& translator, const std::string& file, const std::string& target_file,
                 const Form& form, Index batch) {
  constexpr Index kMostWords = 1000000000;
  const auto lines = data::read_lines(file, kMostWords);
  const auto targets = data::read_lines(target_file, kMostWords);
  if (lines.size() != targets.size()) {
    throw DataError(
        fmt::format("{}: has {} lines, but {} has {}; line i of one must belong to line i of the other",
                    target_file, targets.size(), file, lines.size()));
  }
  const auto step = static_cast<std::size_t>(kBatches * batch);
  for (std::size_t at = 0; at < lines.size(); at += step) {
    const auto part = [&](const std::vector<std::string>& all) {
      const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at);
      return std::vector<std::string>(begin, begin + static_cast<std::ptrdiff_t>(std::min(step, all.size() - at)));
    };
    const auto first = static_cast<Index>(at);
    const auto scored = translator.given(part(lines), part(targets), first + 1, file, target_file);
    if (!print_out(all_shown(scored, first, form))) return;
  }
}

// Finds the lines that are not UTF-8. With `skip` they become empty, with a warning each; without, the first one ends
// `lines` and what is wrong with it is returned.
std::optional<std::string> remove_invalid(std::vector<std::string>& lines, Index first, const std::string& file,
                                          bool skip) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto fault = inference::utf8_fault(lines[i], first + static_cast<Index>(i), file);
    if (!fault) continue;
    if (!skip) {
      lines.resize(i);
      return fault;
    }
    fmt::print(stderr, "warning: {}; the line is skipped\n", *fault);
    lines[i].clear();
  }
  return std::nullopt;
}

void translate_files(const inference::Translator& translator, const std::vector<std::string>& files,
                     const Form& form, Index batch) {
  Index before = 0;  // lines of all files so far
  for (const std::string& file : files) {
    LineInput input(file);
    const Prompt prompt(input.is_terminal());
    Index number = 1;
    std::vector<std::string> lines;
    prompt.ask();
    while (input.next(lines, kBatches * batch)) {
      const auto fault = remove_invalid(lines, number, input.name(), form.skip_invalid);
      if (!print_out(all_shown(translator.translate(lines, number, input.name()), before, form))) return;
      if (fault) throw DataError(*fault + ", or skip such lines with --skip-invalid");
      number += static_cast<Index>(lines.size());
      before += static_cast<Index>(lines.size());
      prompt.ask();
    }
    prompt.end();
  }
}

}  // namespace

int translate(const Words& words) {
  Arguments arguments("translate",
                      "translate --model RUN [FILE...] [--ensemble RUN,...] [--nbest N] [--scores] "
                      "[--alignments[=soft]] [--target FILE] [--skip-invalid] [--set decoding.KEY=VALUE]... "
                      "[--threads N] [--export FOLDER]");
  arguments.positional("file", "text to translate, one sentence a line; default: standard input", -1);
  arguments.options()("model", po::value<std::string>(),
                      "the folder of a run, for example runs/quickstart/dot/seed-1")(
      "ensemble", po::value<std::string>(),
      "more runs, for example dot/seed-2,general/seed-1; the mean of the models' probabilities is used")(
      "nbest", po::value<std::string>(), "print the best N translations of each line, with their scores")(
      "scores", "print the score and the log probability after each translation")(
      "alignments", po::value<std::string>(),
      "print the source words of each target word after each translation: hard links, or soft ones with weights")(
      "target", po::value<std::string>(), "score the translations of this file, one a line, instead of searching")(
      "skip-invalid",
      "print an empty line and a warning for a line that is not UTF-8; otherwise it ends the program")(
      "set", po::value<std::vector<std::string>>(), "set a key of decoding: decoding.beam=8; may be repeated")(
      "threads", po::value<std::string>(), "threads, at most 4096; default: one for each core")(
      "export", po::value<std::string>(),
      "copy the files that translating needs into this folder, which can be moved anywhere; translate nothing");
  arguments.declare_plugins();
  Words given = words;
  std::replace(given.begin(), given.end(), std::string("--alignments"), std::string("--alignments=hard"));
  if (!arguments.parse(given)) return 0;
  if (!arguments.has("model")) arguments.fail("needs --model RUN");
  Form form = form_of(arguments);
  std::vector<std::string> files = arguments.texts("file");
  if (arguments.has("target") && files.size() != 1)
    arguments.fail("--target needs one FILE, with the source of each translation");
  if (arguments.has("target") && form.skip_invalid) arguments.fail("--skip-invalid cannot be used with --target");
  if (arguments.has("target") && form.nbest) arguments.fail("--nbest cannot be used with --target");
  const long threads = arguments.integer("threads", 1, 0, kMostThreads);
  if (threads > 0) set_threads(static_cast<int>(threads));
  std::vector<std::string> sets = arguments.texts("set");
  if (arguments.has("nbest")) sets.push_back(fmt::format("decoding.nbest={}", arguments.integer("nbest", 1, 1)));

  choose_instructions();
  auto runs = open_runs(arguments);
  if (arguments.has("export")) {
    if (runs.size() > 1 || !files.empty()) arguments.fail("--export copies one run, and translates nothing");
    inference::export_run(*runs.front(), arguments.text("export"));
    return 0;
  }
  const decoding::SearchOptions options = runs.front()->search_with(sets);
  form.nbest = form.nbest || options.nbest > 1;
  const inference::Translator translator(std::move(runs), options);
  if (form.alignments != Alignments::none && !translator.has_attention()) {
    throw ConfigError(fmt::format("{}: a model without attention has no alignments; leave --alignments out",
                                  arguments.text("model")));
  }
  std::signal(SIGPIPE, SIG_IGN);  // a reader that is gone (`| head`) ends the program without an error
  if (arguments.has("target")) {
    score_given(translator, files.front(), arguments.text("target"), form, options.batch_sentences);
    return 0;
  }
  if (files.empty()) files.emplace_back("-");
  translate_files(translator, files, form, options.batch_sentences);
  return 0;
}

}  // namespace regard::cli
