#pragma once
// Writes the report as Markdown, LaTeX, CSV and JSON.
#include <string>

#include "framework/report/analysis/analysis.h"
#include "framework/report/page/page.h"

namespace regard::report {

[[nodiscard]] std::string markdown_report(const Analysis& analysis, const Drawings& drawings);
[[nodiscard]] std::string latex_tables(const Analysis& analysis);
[[nodiscard]] std::string csv_results(const Analysis& analysis);
[[nodiscard]] std::string json_results(const Analysis& analysis);  // schema: results.schema.json

}  // namespace regard::report
