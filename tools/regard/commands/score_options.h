#pragma once
// Reads and checks the options of `regard score`.
#include <boost/program_options.hpp>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "framework/evaluation/bleu.h"
#include "framework/evaluation/resampling.h"
#include "framework/evaluation/score_output.h"

namespace regard::cli {

struct ScoreOptions {
  std::vector<std::string> references, hypotheses;           // files; "-" is standard input
  std::vector<std::unique_ptr<evaluation::Metric>> metrics;  // in the order of their names
  evaluation::BleuOptions bleu;
  bool sentence = false, confidence = false, paired_bs = false, paired_ar = false;
  Index samples = 0;
  Index ar_confidence = 0;
  evaluation::Seed seed = evaluation::default_seed;
  std::string format = "text";
  evaluation::OutputStyle style;
};

// Returns nothing after printing the text of --help. Throws ConfigError for a mistake of the user.
[[nodiscard]] std::optional<ScoreOptions> score_options(const std::vector<std::string>& args, std::ostream& out);

}  // namespace regard::cli
