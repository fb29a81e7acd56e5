// regard run PLAN: all runs of a plan, then the report.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

#include "framework/base/files.h"
#include "framework/base/stage.h"
#include "framework/experiment/runner.h"
#include "framework/report/report.h"
#include "framework/report/table.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {
namespace {

// Whoever listens may be gone (`| head`): the runs go on all the same.
void print_to(std::FILE* out, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), out);
  std::fflush(out);
}

namespace po = boost::program_options;

// What the user sees while runs go on: on a terminal one line that is rewritten, else a line for each validation.
class Display {
 public:
  explicit Display(bool terminal) : terminal_(terminal) {}

  experiment::RunnerHooks hooks() {
    experiment::RunnerHooks hooks;
    hooks.planned = [this](const auto& runs, Index finished, Index jobs, Index threads) {
      runs_ = runs;
      say(fmt::format("{} run{} to do, {} done before; {} at a time with {} thread{} each", runs.size(),
                      runs.size() == 1 ? "" : "s", finished, jobs, threads, threads == 1 ? "" : "s"));
    };
    hooks.event = [this](std::size_t run, const experiment::RunEvent& event) { show(run, event); };
    hooks.ended = [this](std::size_t run, const std::string& failure) {
      live_.erase(run);
      ++ended_;
      say(fmt::format("[{}/{}] {} {}", ended_, runs_.size(), name(run),
                      failure.empty() ? fmt::format("finished after {:.0f} s", seconds()) : "FAILED: " + failure));
    };
    hooks.warning = [this](const std::string& warning) { say("warning: " + warning); };
    return hooks;
  }

 private:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  [[nodiscard]] std::string name(std::size_t run) const {
    return fmt::format("{} seed {}", runs_[run].first, runs_[run].second);
  }

  void show(std::size_t run, const experiment::RunEvent& event) {
    using Kind = experiment::RunEvent::Kind;
    if (event.kind == Kind::validated) {
      const auto& entry = event.validation;
      bleu_[run] = entry.valid_bleu;
      if (!terminal_) {
        say(fmt::format("{}: epoch {} step {} loss {:.3f} valid perplexity {:.3f} BLEU {:.1f}{}", name(run),
                        entry.epoch, entry.update, entry.train_loss, entry.valid_perplexity, entry.valid_bleu,
                        entry.best ? " best" : ""));
      }
    } else if (event.kind == Kind::stage) {
      live_[run] = fmt::format("{}: {}", name(run), event.stage);
    } else {
      const auto& p = event.progress;
      live_[run] =
          fmt::format("{}: epoch {}/{} step {} loss {:.2f} ppl {:.1f} BLEU {:.1f} {:.0f} tok/s {:.0f} s left",
                      name(run), p.epoch, p.epochs, p.update, p.loss, std::exp(std::min(p.loss, 20.0)), bleu_[run],
                      p.tokens_per_second, p.seconds_left);
    }
    if (terminal_) redraw();
  }

  void redraw() {
    std::string text = "\r\x1b[J";
    std::size_t lines = 0;
    for (const auto& [run, line] : live_) text += fmt::format("{}{}", lines++ == 0 ? "" : "\n", line);
    if (lines > 1) text += fmt::format("\x1b[{}A", lines - 1);
    print_to(stderr, text);
  }

  void say(const std::string& line) {
    print_to(stderr, fmt::format("{}{}\n", terminal_ ? "\r\x1b[J" : "", line));
    if (terminal_) redraw();
  }

  bool terminal_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string, Index>> runs_;
  std::map<std::size_t, std::string> live_;
  std::map<std::size_t, double> bleu_;
  std::size_t ended_ = 0;
};

// "1-3,7" as [1, 2, 3, 7], the form that a plan takes.
std::string seed_list(const Arguments& arguments, const std::string& text) {
  std::vector<std::string> seeds;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, comma - begin);
    const std::size_t dash = part.find('-');
    const auto number = [&](const std::string& digits) {
      if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string::npos) {
        arguments.fail(fmt::format("--seeds takes numbers and ranges such as 1-3,7, got \"{}\"", text));
      }
      return std::stol(digits);
    };
    const long first = number(part.substr(0, dash));
    const long last = dash == std::string::npos ? first : number(part.substr(dash + 1));
    if (last < first || last - first > 10000)
      arguments.fail(fmt::format("--seeds: the range {} is empty or too long", part));
    for (long seed = first; seed <= last; ++seed) seeds.push_back(fmt::format("{}", seed));
    begin = comma + 1;
  }
  return fmt::format("[{}]", fmt::join(seeds, ", "));
}

}  // namespace

int run(const Words& words) {
  Arguments arguments("run",
                      "run PLAN [--set KEY=VALUE]... [--only SYSTEM]... [--seeds 1-3] [--out FOLDER] [--jobs N] "
                      "[--plugin FILE]...");
  arguments.positional("plan", "the plan's file", 1);
  arguments.options()("set", po::value<std::vector<std::string>>(),
                      "override a key of the plan: training.epochs=5")(
      "only", po::value<std::vector<std::string>>(), "run these systems only")("seeds", po::value<std::string>(),
                                                                               "instead of the plan's: 1-3,7")(
      "out", po::value<std::string>(), "the folder of the results; runs/NAME unless given")(
      "jobs", po::value<std::string>(), "runs at a time; as many as threads unless given")(
      "threads", po::value<std::string>(), "of all runs together; the machine's cores unless given")(
      "retrain", "discard finished trainings that the plan has changed");
  arguments.take_plugins();
  if (!arguments.parse(words)) return 0;
  const std::string file = arguments.required("plan");
  std::vector<std::string> sets = arguments.texts("set");
  if (arguments.has("seeds")) sets.push_back("seeds=" + seed_list(arguments, arguments.text("seeds")));
  experiment::RunRequest request;
  request.jobs = arguments.integer("jobs", 1, 0);
  request.threads = arguments.integer("threads", 1, 0);
  request.only = arguments.texts("only");
  request.retrain = arguments.has("retrain");

  const experiment::Plan plan = experiment::read_plan(file, sets, arguments.texts("plugin"));
  request.folder = arguments.has("out") ? arguments.text("out") : "runs/" + plan.name;
  if (request.folder.empty()) arguments.fail("--out takes a folder, got \"\"");
  request.plan_text = read_file(file);
  signal(SIGPIPE, SIG_IGN);
  Display display(isatty(STDERR_FILENO) != 0);
  const experiment::RunSummary summary = experiment::run_plan(plan, request, display.hooks());
  if (summary.interrupted) {
    print_to(stderr, fmt::format("stopped; what was done is kept, and the same command goes on: regard run {}\n",
                                 fmt::join(words, " ")));
    return 130;
  }
  const Stage stage("report");
  const auto results = experiment::load_results(request.folder);
  const auto page = report::make_report(request.folder);
  print_to(stdout, fmt::format("{}\nreport: {}\n", report::terminal_table(results), page.string()));
  return summary.failed == 0 ? 0 : 1;
}

}  // namespace regard::cli
