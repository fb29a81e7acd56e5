#pragma once
// Compares two run folders: each system that both have, on each test set with the same sentences, with the
// statistics of the report (comparisons.h), seed with seed.
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"
#include "framework/report/tables/table.h"

namespace regard::report {

// A system on a test set. `comparison.baseline` is the old folder; its numbers are over the seeds that finished in
// both.
struct Change {
  Comparison comparison;
  Spread before;
  Spread after;
  bool same_lines = false;  // identical translations
};

// One value that differs between the folders; "" if a folder does not have it.
struct Difference {
  std::string what;  // a dotted key of the plan, or what made the runs
  std::string before;
  std::string after;
};

struct RunDiff {
  std::string before, after;  // names of the folders in sentences
  std::string tokenizer;
  std::vector<Change> compared;
  std::vector<std::string> remarks;  // what could not be compared and why, one sentence each
  std::vector<Difference> plan;      // keys of the resolved plans
  std::vector<Difference> made;      // program, machine and data
  std::vector<Table> tables;         // all of it but the sentences
};

[[nodiscard]] RunDiff changes_between(const Results& before, const Results& after, const std::string& old_name,
                                      const std::string& new_name);

// Returns the names of two folders: the last parts of their paths, as many as are needed to distinguish them.
[[nodiscard]] std::pair<std::string, std::string> names_of(const Path& before, const Path& after);

// Each ends with a newline. The JSON is described by formats/run_diff.schema.json.
[[nodiscard]] std::string run_diff_text(const RunDiff& diff);
[[nodiscard]] std::string run_diff_markdown(const RunDiff& diff);
[[nodiscard]] std::string run_diff_html(const RunDiff& diff);
[[nodiscard]] std::string run_diff_json(const RunDiff& diff);

}  // namespace regard::report
