// regard report FOLDER...: makes the report of each run folder again, from the files of the folder.
#include "framework/report/report.h"

#include <fmt/format.h>

#include <map>

#include "framework/experiment/upkeep/external.h"
#include "framework/report/tables/run_diff.h"
#include "framework/report/tables/table.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {
namespace {

namespace po = boost::program_options;

// NAME=FILE or NAME:TEST=FILE.
void add(const Arguments& arguments, const runs::RunFolder& folder, const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string left = text.substr(0, equals);
  const std::size_t colon = left.rfind(':');
  if (equals == std::string::npos || left.empty() || equals + 1 == text.size()) {
    arguments.fail(fmt::format("--add takes NAME=FILE or NAME:TEST=FILE, got \"{}\"", text));
  }
  experiment::add_external(folder, left.substr(0, colon), colon == std::string::npos ? "" : left.substr(colon + 1),
                           text.substr(equals + 1));
}

int compare(const Arguments& arguments, const std::vector<std::string>& folders) {
  if (folders.size() != 2 || arguments.has("add") || arguments.has("remove") || arguments.has("baseline") ||
      arguments.has("together"))
    arguments.fail("--compare takes two folders, the old and the new, and nothing else but --format");
  static const std::map<std::string, std::string (*)(const report::RunDiff&)> kPrints{
      {"text", report::run_diff_text},
      {"markdown", report::run_diff_markdown},
      {"html", report::run_diff_html},
      {"json", report::run_diff_json}};
  const std::string format = arguments.has("format") ? arguments.text("format") : "text";
  const auto print = kPrints.find(format);
  if (print == kPrints.end())
    arguments.fail(fmt::format("--format is text, markdown, html or json, got \"{}\"", format));
  const auto [before, after] = report::names_of(folders[0], folders[1]);
  const auto old_results = runs::load_results(folders[0]);
  const auto new_results = runs::load_results(folders[1]);
  fmt::print("{}", print->second(report::changes_between(old_results, new_results, before, after)));
  return 0;
}

}  // namespace

int report(const Words& words) {
  Arguments arguments(
      "report",
      "report FOLDER... [--baseline NAME] [--add NAME[:TEST]=FILE]... [--remove NAME]..., or report "
      "FOLDER... --together --out FOLDER [--baseline NAME], or report --compare OLD NEW [--format FORMAT]");
  arguments.positional("folder...", "run folders", -1);
  arguments.options()(
      "add", po::value<std::vector<std::string>>(),
      "copy translations by another program into the folder and compare them: one line a sentence; TEST is "
      "needed if the folder has several test sets and none is called test")(
      "baseline", po::value<std::string>(),
      "compare with this system in place of the plan's baseline, and write report/baseline-NAME; the plan stays as it is")(
      "compare", "print what differs between two folders, and write nothing")(
      "format", po::value<std::string>(), "the format of --compare: text, markdown, html or json")(
      "out", po::value<std::string>(), "the folder of the report of --together")(
      "remove", po::value<std::vector<std::string>>(), "remove a system that --add added")(
      "together", "one report of all systems of the folders, on the test sets that all have");
  if (!arguments.parse(words)) return 0;
  const std::vector<std::string> folders = arguments.texts("folder...");
  if (folders.empty()) arguments.fail("needs a run folder");
  const std::vector<std::string> added = arguments.texts("add");
  const std::vector<std::string> removed = arguments.texts("remove");
  if (arguments.has("compare")) return compare(arguments, folders);
  if (arguments.has("format")) arguments.fail("--format belongs to --compare");
  if (folders.size() > 1 && !(added.empty() && removed.empty()))
    arguments.fail("--add and --remove change one folder at a time");
  report::Options options;
  if (arguments.has("baseline")) options.baseline = arguments.text("baseline");
  if (arguments.has("together") != arguments.has("out"))
    arguments.fail("--together and --out FOLDER belong together");
  if (arguments.has("together")) {
    if (folders.size() < 2 || !(added.empty() && removed.empty()))
      arguments.fail("--together takes two or more run folders, and neither --add nor --remove");
    const auto page = report::make_joint_report({folders.begin(), folders.end()}, arguments.text("out"), options);
    fmt::print("report: {}\n", page.string());
    return 0;
  }
  const runs::RunFolder first{folders.front()};
  for (const std::string& name : removed) {
    if (!experiment::remove_external(first, name))
      arguments.fail(fmt::format("--remove: {} has no added system '{}'", folders.front(), name));
  }
  for (const std::string& text : added) add(arguments, first, text);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const auto results = runs::load_results(folders[i]);
    const auto page = report::make_report(folders[i], options);
    fmt::print("{}{}\nreport: {}\n", i == 0 ? "" : "\n", report::terminal_table(results), page.string());
  }
  return 0;
}

}  // namespace regard::cli
