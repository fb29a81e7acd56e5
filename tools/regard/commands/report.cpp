// regard report FOLDER: the report of a run folder, made again from what stands there.
#include "framework/report/report.h"

#include <fmt/format.h>

#include "framework/report/table.h"
#include "tools/regard/commands/arguments.h"

namespace regard::cli {

int report(const Words& words) {
  Arguments arguments("report", "report FOLDER");
  arguments.positional("folder", "a run folder", 1);
  if (!arguments.parse(words)) return 0;
  const std::string folder = arguments.required("folder");
  const auto results = experiment::load_results(folder);
  const auto page = report::make_report(folder);
  fmt::print("{}\nreport: {}\n", report::terminal_table(results), page.string());
  return 0;
}

}  // namespace regard::cli
