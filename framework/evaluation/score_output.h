#pragma once
// Scores as text, JSON and LaTeX, in sacreBLEU's forms (numbers, names, keys), so that programs that read its
// output read ours. Multi-system JSON holds an object for each metric, with the signature beside sacreBLEU's keys.
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
  int width = 1;  // digits behind the point
  bool score_only = false;
  bool short_signature = false;  // in text
};

// "BLEU|nrefs:1|… = 10.7 75.0/38.5/5.0/3.1 (BP = …)"; with a confidence "10.7 (μ = 10.5 ± 2.1) …". No newline.
[[nodiscard]] std::string score_text(const ScoreLine& line, const OutputStyle& style);
// Several metrics of one system, a line each, aligned at the equals signs (bare scores have one where they carry a
// confidence); ends in a newline.
[[nodiscard]] std::string scores_text(const std::vector<ScoreLine>& lines, const OutputStyle& style);
// An object for one metric, an array of objects for several; with score_only numbers in place of the objects, without
// confidence. Ends in a newline.
[[nodiscard]] std::string scores_json(const std::vector<ScoreLine>& lines, const OutputStyle& style);

// Several systems by several metrics.
struct ScoreTable {
  struct Column {
    std::string name;
    Signature signature;
    std::vector<PairedResult> results;  // one a system
  };
  std::vector<std::string> systems;
  std::vector<Column> columns;
};

// A grid; p-values of at most 0.05 carry an asterisk. Signatures follow. Ends in a newline, as the others.
[[nodiscard]] std::string table_text(const ScoreTable& table, const OutputStyle& style);
[[nodiscard]] std::string table_json(const ScoreTable& table);
// A tabular for the booktabs package; names are escaped; signatures follow as comments.
[[nodiscard]] std::string table_latex(const ScoreTable& table, const OutputStyle& style);

}  // namespace regard::evaluation
