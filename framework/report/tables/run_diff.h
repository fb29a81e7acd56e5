#pragma once
// Compares two run folders: each system that both have, on each test set with the same sentences, with the statistics
// of the report (comparisons.h), by pairs of runs with equal seeds.
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"
#include "framework/report/tables/table.h"

namespace regard::report {

// A system on a test set. `comparison.baseline` is the old folder. The numbers are over the seeds that finished in
// both.
struct Change {
  Comparison comparison;
  Spread before;
  Spread after;
  bool same_lines = false;  // identical translations
};

// One value that differs between the folders; "" if a folder does not have it.
struct Difference {
  std::string what;  // a dotted key of the plan, or a property of the program, machine or data
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
  std::vector<Table> tables;         // everything except the sentences
};

[[nodiscard]] RunDiff changes_between(const Results& before, const Results& after, const std::string& old_name,
                                      const std::string& new_name);

// Returns the names of two folders: the last parts of their paths, as many as are needed to distinguish them.
[[nodiscard]] std::pair<std::string, std::string> names_of(const Path& before, const Path& after);

// Return the texts, each with a final newline. formats/run_diff.schema.json describes the JSON.
[[nodiscard]] std::string run_diff_text(const RunDiff& diff);
[[nodiscard]] std::string run_diff_markdown(const RunDiff& diff);
[[nodiscard]] std::string run_diff_html(const RunDiff& diff);
[[nodiscard]] std::string run_diff_json(const RunDiff& diff);

}  // namespace regard::report
