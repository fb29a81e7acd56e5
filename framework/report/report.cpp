#include "framework/report/report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/report/analysis/analysis.h"
#include "framework/report/escape.h"
#include "framework/report/figures/figure.h"
#include "framework/report/figures/gnuplot.h"
#include "framework/report/formats/formats.h"
#include "framework/report/joined.h"
#include "framework/report/page/page.h"
#include "framework/report/tables/tables.h"

namespace regard::report {
namespace {

// A folder that is removed at the end, also after an error.
class TempFolder {
 public:
  explicit TempFolder(const Path& beside) : path_(beside / fmt::format(".drawing.{}", ::getpid())) {
    make_folder(path_);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const Path& path() const { return path_; }

 private:
  Path path_;
};

// Writes a file of the temporary folder without the sync of write_file. It is renamed into place when it is complete,
// and can be drawn again.
void write_draft(const Path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) throw FolderError(fmt::format("{}: cannot be written; is the disk full?", path.string()));
}

// Removes figures of an earlier report, which could be mistaken for results of this one.
void remove_others(const Path& folder, const std::set<std::string>& keep) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    const bool ours = ending == ".svg" || ending == ".pdf" || ending == ".gp" || ending == ".dat";
    if (ours && keep.count(entry.path().filename().string()) == 0) std::filesystem::remove(entry.path());
  }
}

// Replaces the creation date that Cairo writes into a PDF (14 digits) by 1970-01-01, so that the same folder gives the
// same bytes. (gnuplot runs with TZ=UTC, so the length of the date does not vary.)
void without_date(const Path& pdf) {
  static constexpr std::string_view kBefore = "/CreationDate (D:";
  static constexpr std::string_view kEpoch = "19700101000000";
  std::string bytes = read_file(pdf);
  const std::size_t at = bytes.find(kBefore);
  if (at == std::string::npos || at + kBefore.size() + kEpoch.size() > bytes.size()) return;
  bytes.replace(at + kBefore.size(), kEpoch.size(), kEpoch);
  write_draft(pdf, bytes);
}

Drawings draw(const Analysis& analysis, const Path& folder, const std::string& gnuplot) {
  Drawings drawings;
  const TempFolder temp_folder(folder);
  std::set<std::string> keep;
  for (Figure& figure : figures(analysis)) {
    std::vector<std::string> made{figure.id + ".dat", figure.id + ".gp"};
    write_draft(temp_folder.path() / made[0], gnuplot_data(figure));
    write_draft(temp_folder.path() / made[1], gnuplot_script(figure));
    if (drawings.missing.empty()) {
      if (const auto why = run_gnuplot(gnuplot, temp_folder.path(), made[1])) {
        drawings.missing = fmt::format(
            "No figures were drawn ({}); the tables have the same numbers, and figures/ has the scripts.", *why);
      } else {
        without_date(temp_folder.path() / (figure.id + ".pdf"));
        made.insert(made.end(), {figure.id + ".svg", figure.id + ".pdf"});
      }
    }
    for (const std::string& name : made) std::filesystem::rename(temp_folder.path() / name, folder / name);
    keep.insert(made.begin(), made.end());
    std::string svg = drawings.missing.empty() ? read_file(folder / (figure.id + ".svg")) : std::string();
    drawings.figures.push_back({std::move(figure), std::move(svg)});
  }
  if (!drawings.missing.empty()) {
    for (Drawing& drawing : drawings.figures) drawing.svg.clear();
  }
  remove_others(folder, keep);
  return drawings;
}

}  // namespace

namespace {

Path write_report(const Results& results, const Path& report, const std::string& gnuplot) {
  const Analysis analysis = analyse(results);
  make_folder(report / "figures");
  write_file(report / "results.json", json_results(analysis));
  const Drawings drawings = draw(analysis, report / "figures", gnuplot);
  write_file(report / "results.csv", csv_results(analysis));
  write_file(report / "table.tex", latex_tables(analysis));
  write_file(report / "report.md", markdown_report(analysis, drawings));
  write_file(report / "index.html", page(analysis, drawings));
  return report / "index.html";
}

}  // namespace

Path make_report(const Path& folder, const Options& options) {
  Results results = runs::load_results(folder);
  if (!results.plan.decodes_tests) {
    throw FolderError(
        fmt::format("{}: its plan decodes no test set (decoding.test: never), so there is nothing to compare",
                    folder.string()));
  }
  Path report = runs::RunFolder{folder}.report();
  if (!options.baseline.empty()) {
    use_baseline(results, options.baseline);
    report /= "baseline-" + file_stem(options.baseline);
  }
  return write_report(results, report, options.gnuplot);
}

Path make_joint_report(const std::vector<Path>& folders, const Path& out, const Options& options) {
  if (std::filesystem::exists(runs::RunFolder{out}.resolved_plan())) {
    throw FolderError(
        fmt::format("{}: is a run folder; give another folder for the report of several plans", out.string()));
  }
  std::vector<Results> plans;
  for (const Path& folder : folders) plans.push_back(runs::load_results(folder));
  Results results = joined(std::move(plans));
  if (!options.baseline.empty()) use_baseline(results, options.baseline);
  return write_report(results, out, options.gnuplot);
}

std::string terminal_table(const Results& results) {
  const Analysis analysis = analyse(results, Claims::skip);
  Table table = main_table(analysis);
  // A system that was not started needs no row; the notes name it. A failed system keeps its row.
  const auto begun = [&](const SystemSummary& system) {
    return system.external || std::any_of(results.runs.begin(), results.runs.end(), [&](const auto& run) {
             return run.system == system.name && run.state != runs::RunState::missing;
           });
  };
  std::vector<std::vector<Cell>> rows;
  for (std::size_t at = 0; at < table.rows.size(); ++at) {
    if (begun(analysis.systems[at])) rows.push_back(std::move(table.rows[at]));
  }
  table.rows = std::move(rows);
  return to_terminal(table);
}

}  // namespace regard::report
