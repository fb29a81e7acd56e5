#pragma once
// Writes the comparison report of a run folder. It depends only on the folder: the same folder gives the same bytes.
//
//   index.html    the page: self-contained, no network         report.md    the same in Markdown
//   table.tex     the main tables, booktabs                     results.csv  one row a system, with measurements
//   results.json  every result as data (results.schema.json), without measurements
//   figures/      ID.svg, ID.pdf, and the ID.gp and ID.dat that draw them
#include <string>
#include <vector>

#include "framework/runs/results.h"

namespace regard::report {

struct Options {
  std::string gnuplot =
      "gnuplot";              // the program; without it the report has no figures, and a line with the reason
  std::string baseline = {};  // the reader's, in place of the plan's; "": the plan's
};

// Writes FOLDER/report, or with a baseline FOLDER/report/baseline-NAME. Returns the path of the page. FolderError if the
// folder cannot be read or written; ConfigError for an unknown baseline.
Path make_report(const Path& folder, const Options& options = {});

// Writes one report of the systems of several folders into `out` (joined.h). FolderError, also if `out` is a run folder.
Path make_joint_report(const std::vector<Path>& folders, const Path& out, const Options& options = {});

// Returns the table at the end of `regard run`: system, BLEU on each test set, perplexity, parameters, target
// tokens a second, minutes; with notes on seeds, signature and missing results. Systems that were not started have
// no row. Ends with a newline.
[[nodiscard]] std::string terminal_table(const runs::Results& results);

}  // namespace regard::report
