#pragma once
// Writes scores as text, JSON and LaTeX with sacreBLEU's numbers, names and keys, so that programs that read its output
// can read ours. JSON for several systems has an object for each metric, with sacreBLEU's keys and the signature.
#include <optional>
#include <string>
#include <vector>

#include "framework/evaluation/resampling.h"
#include "framework/evaluation/signature.h"

namespace regard::evaluation {

// One system's score by one metric.
struct ScoreLine {
  std::string name;  // BLEU
  double score = 0;
  std::string verbose;  // "75.0/38.5/5.0/3.1 (BP = …)" or ""
  Signature signature;
  std::optional<Confidence> confidence = {};
};

struct OutputStyle {
  int width = 1;  // digits after the decimal point
  bool score_only = false;
  bool short_signature = false;  // in text
};

// Returns "BLEU|nrefs:1|… = 10.7 75.0/38.5/5.0/3.1 (BP = …)"; with a confidence "10.7 (μ = 10.5 ± 2.1) …". No newline.
[[nodiscard]] std::string score_text(const ScoreLine& line, const OutputStyle& style);
// Returns several metrics of one system, one line each, aligned at the equals signs (score_only lines have one only
// with a confidence). Ends in a newline.
[[nodiscard]] std::string scores_text(const std::vector<ScoreLine>& lines, const OutputStyle& style);
// Returns an object for one metric, an array of objects for several. With score_only, numbers instead of objects,
// without confidence. Ends in a newline.
[[nodiscard]] std::string scores_json(const std::vector<ScoreLine>& lines, const OutputStyle& style);

// Several systems by several metrics.
struct ScoreTable {
  struct Column {
    std::string name;
    Signature signature;
    std::vector<PairedResult> results;  // one for each system
  };
  std::vector<std::string> systems;
  std::vector<Column> columns;
};

// Returns a grid with an asterisk at p-values of at most 0.05, then the signatures. Ends in a newline, as the others.
[[nodiscard]] std::string table_text(const ScoreTable& table, const OutputStyle& style);
[[nodiscard]] std::string table_json(const ScoreTable& table);
// Returns a tabular for the booktabs package, with escaped names, then the signatures as comments.
[[nodiscard]] std::string table_latex(const ScoreTable& table, const OutputStyle& style);

}  // namespace regard::evaluation
