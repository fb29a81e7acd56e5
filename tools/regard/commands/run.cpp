// regard run PLAN: does all runs of a plan, then makes the report.
#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "framework/base/files.h"
#include "framework/base/parallel.h"
#include "framework/base/sha256.h"
#include "framework/base/stage.h"
#include "framework/base/version.h"
#include "framework/experiment/schedule/runner.h"
#include "framework/report/report.h"
#include "framework/report/tables/table.h"
#include "tools/regard/commands/arguments.h"
#include "tools/regard/commands/dry_run.h"
#include "tools/regard/commands/instructions.h"
#include "tools/regard/commands/progress_view.h"

namespace regard::cli {
namespace {

// Ignores a reader that is gone (`| head`): the runs continue.
void print_to(std::FILE* out, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), out);
  if (out == stderr) std::fflush(out);  // main() flushes standard output
}

namespace po = boost::program_options;

// Shows the progress of the runs: on a terminal as a view that is redrawn, otherwise as a line for each
// validation.
class Display {
 public:
  explicit Display(bool terminal) : terminal_(terminal) {}

  experiment::RunnerHooks hooks() {
    experiment::RunnerHooks hooks;
    hooks.planned = [this](const auto& runs, Index finished, Index jobs, Index threads) {
      runs_ = runs;
      ended_ = 0;
      const std::string count =
          fmt::format("{} run{} to do, {} done before", runs.size(), runs.size() == 1 ? "" : "s", finished);
      if (runs.empty()) return say(count);
      say(fmt::format("{}; {} at a time with {} thread{} each", count, jobs, threads, threads == 1 ? "" : "s"));
    };
    hooks.event = [this](std::size_t run, const experiment::RunEvent& event) {
      const auto* const entry = std::get_if<HistoryEntry>(&event);
      if (terminal_ || entry == nullptr) return;
      say(fmt::format("{}: epoch {} step {} loss {:.3f} valid perplexity {:.3f} BLEU {:.1f}{}", name(run),
                      entry->epoch, entry->update, entry->train_loss, entry->valid_perplexity, entry->valid_bleu,
                      entry->best ? " best" : ""));
    };
    hooks.ended = [this](std::size_t run, const std::string& failure) {
      ++ended_;
      say(fmt::format(
          "[{}/{}] {} {}", ended_, runs_.size(), name(run),
          failure.empty() ? fmt::format("finished after {:.0f} s", seconds(start_)) : "FAILED: " + failure));
    };
    hooks.progress = [this](const runs::PlanProgress& progress) {
      if (!terminal_) return;
      latest_ = progress;
      if (seconds(drawn_) > 0.2) redraw();
    };
    hooks.warning = [this](const std::string& warning) { say("warning: " + warning); };
    hooks.note = [this](const std::string& note) { say(note); };
    return hooks;
  }

  // Draws the view a last time and keeps it on the terminal.
  void finish() {
    if (!terminal_ || latest_.runs.empty()) return;
    redraw();
    print_to(stderr, "\n");
    lines_ = 0;
  }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] static double seconds(Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
  }
  [[nodiscard]] std::string name(std::size_t run) const {
    return fmt::format("{} seed {}", runs_[run].first, runs_[run].second);
  }

  // Returns the terminal codes that go to the first line of the view and erase it.
  [[nodiscard]] std::string wiped() const {
    if (!terminal_ || lines_ == 0) return "";
    return lines_ > 1 ? fmt::format("\r\x1b[{}A\x1b[J", lines_ - 1) : "\r\x1b[J";
  }

  void redraw() {
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) size = {24, 80, 0, 0};
    const auto lines = progress_view(latest_, size.ws_col, size.ws_row);
    print_to(stderr, fmt::format("{}{}", wiped(), fmt::join(lines, "\n")));
    lines_ = lines.size();
    drawn_ = Clock::now();
  }

  void say(const std::string& line) {
    print_to(stderr, fmt::format("{}{}\n", wiped(), line));
    lines_ = 0;
    if (terminal_ && !latest_.runs.empty()) redraw();
  }

  bool terminal_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point drawn_;
  std::vector<std::pair<std::string, Index>> runs_;
  runs::PlanProgress latest_;
  std::size_t lines_ = 0;  // lines of the view on the terminal
  std::size_t ended_ = 0;
};

std::map<std::string, std::string> hashes_below(const Path& folder) {
  std::map<std::string, std::string> hashes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) hashes[entry.path().string()] = sha256_file(entry.path());
  }
  return hashes;
}

// Hashes the sources of a report without reading large files: the plan, the tuning, the facts of the data,
// translations by other programs, the runs' manifests, and the sizes of their results. Only `regard verify` reads
// everything.
std::string inputs_of(const std::string& folder) {
  const runs::RunFolder paths{folder};
  const auto plan = runs::plan_facts(folder);
  std::string text = fmt::format("{} {} {}\n{}{}", folder, version(), commit(), plan.text,
                                 read_if_exists(paths.data_facts()).value_or(""));
  text += read_if_exists(paths.tuning()).value_or("");
  text += read_if_exists(paths.claim_history()).value_or("") + read_if_exists(paths.decisions()).value_or("");
  if (std::filesystem::exists(paths.externals())) {
    for (const auto& [file, hash] : hashes_below(paths.externals())) text += file + ' ' + hash + '\n';
  }
  for (const auto& system : plan.systems) {
    for (const Index seed : plan.seeds_of(system.name)) {
      const auto run = paths.run(system.name, seed);
      for (const auto& file : {run.manifest(), run.status()}) text += read_if_exists(file).value_or("");
      std::error_code missing;
      for (const auto& file : {run.scores(), run.history(), run.timing()}) {
        const auto size = std::filesystem::file_size(file, missing);
        text += fmt::format("{} ", missing ? 0 : size);
      }
    }
  }
  return sha256(text);
}

// Makes the report, unless its sources have not changed, and returns the text to print.
std::string report_of(const std::string& folder) {
  const Stage stage("report");
  if (!runs::plan_facts(folder).decodes_tests) {
    return fmt::format(
        "no test set was decoded (decoding.test: never), so there is "
        "no report; `regard status {}` has the validation scores\n",
        folder);
  }
  const auto paths = runs::RunFolder{folder};
  const std::string inputs = inputs_of(folder) + "\n";
  const auto before = read_if_exists(paths.report() / "summary.txt");
  if (before && before->starts_with(inputs) && std::filesystem::exists(paths.report() / "index.html")) {
    return before->substr(inputs.size());
  }
  const auto results = runs::load_results(folder);
  const auto page = report::make_report(folder);
  std::string text = fmt::format("{}\nreport: {}\n", report::terminal_table(results), page.string());
  write_file(paths.report() / "summary.txt", inputs + text);
  return text;
}

}  // namespace

int run(const Words& words) {
  Arguments arguments(
      "run",
      "run PLAN [--set KEY=VALUE]... [--only SYSTEM]... [--seeds 1-3] [--out FOLDER] [--jobs N|auto] "
      "[--threads N] [--retrain] [--dry-run] [--plugin FILE]...");
  arguments.positional("plan", "the plan's file", 1);
  arguments.options()("set", po::value<std::vector<std::string>>(),
                      "override a key of the plan: training.epochs=5")(
      "only", po::value<std::vector<std::string>>(), "run these systems only")("seeds", po::value<std::string>(),
                                                                               "use these seeds: 1-3,7")(
      "out", po::value<std::string>(), "the folder for the results; default: runs/NAME")(
      "jobs", po::value<std::string>(), "runs at a time; auto, the default: as many as there are threads or runs")(
      "threads", po::value<std::string>(),
      "threads of all runs together, at most 4096; default: one for each core")(
      "retrain", "discard finished trainings that the plan has changed, and failed ones")(
      "dry-run", "print what would run and what it would cost, estimated from a few steps; write nothing");
  arguments.declare_plugins();
  if (!arguments.parse(words)) return 0;
  const std::string file = arguments.required("plan");
  std::vector<std::string> sets = arguments.texts("set");
  if (arguments.has("seeds")) sets.push_back("seeds=" + arguments.text("seeds"));
  experiment::RunRequest request;
  const bool chosen = arguments.has("jobs") && arguments.text("jobs") != "auto";
  request.jobs = chosen ? arguments.integer("jobs", 1, 0, kMostThreads) : 0;
  request.threads = arguments.integer("threads", 1, 0, kMostThreads);
  request.only = arguments.texts("only");
  request.retrain = arguments.has("retrain");

  choose_instructions();
  const experiment::Plan plan = experiment::read_plan(file, sets, arguments.texts("plugin"));
  request.folder = arguments.has("out") ? arguments.text("out") : "runs/" + plan.name;
  if (request.folder.empty()) arguments.fail("--out takes a folder, got \"\"");
  if (arguments.has("dry-run")) {
    print_to(stdout, dry_run(plan, request));
    return 0;
  }
  request.plan_text = read_file(file);
  signal(SIGPIPE, SIG_IGN);
  Display display(isatty(STDERR_FILENO) != 0);
  const experiment::RunSummary summary = experiment::run_plan(plan, request, display.hooks());
  display.finish();
  if (summary.interrupted) {
    print_to(stderr, fmt::format("stopped; finished work is kept, and the same command continues: regard run {}\n",
                                 fmt::join(words, " ")));
    return 130;
  }
  if (!summary.unchosen.empty()) {
    print_to(stderr, fmt::format("error: {}\n", summary.unchosen));
    return 1;
  }
  print_to(stdout, report_of(request.folder));
  return summary.failed == 0 ? 0 : 1;
}

}  // namespace regard::cli
