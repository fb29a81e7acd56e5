#include "tools/regard/commands/score.h"

#include <fmt/format.h>

#include <iostream>

#include "framework/base/errors.h"
#include "framework/evaluation/lines.h"
#include "tools/regard/commands/score_options.h"

namespace regard::cli {
namespace {

namespace ev = regard::evaluation;

ev::Lines lines_from(const std::string& path, std::ostream& err) {
  ev::Lines lines = path == "-" ? ev::read_lines(std::cin, "standard input") : ev::read_lines(path);
  if (ev::starts_with_mark(lines)) {
    fmt::format_to(
        std::ostreambuf_iterator<char>(err),
        "warning: {}: starts with a byte order mark, which counts as part of the first word, as in sacreBLEU\n",
        path);
  }
  return lines;
}

struct Input {
  std::vector<ev::Lines> references, systems;
};

Input read(const ScoreOptions& options, std::ostream& err) {
  Input input;
  for (const std::string& path : options.references) input.references.push_back(lines_from(path, err));
  for (const std::string& path : options.hypotheses) input.systems.push_back(lines_from(path, err));
  const auto require_equal = [&](const std::string& path, const ev::Lines& lines) {
    if (lines.size() == input.references[0].size()) return;
    throw DataError(fmt::format("{}: has {} lines and {} has {}; line N is scored against line N", path,
                                lines.size(), options.references[0], input.references[0].size()));
  };
  for (std::size_t i = 0; i < options.references.size(); ++i)
    require_equal(options.references[i], input.references[i]);
  for (std::size_t i = 0; i < options.hypotheses.size(); ++i) {
    require_equal(options.hypotheses[i], input.systems[i]);
    const bool by_bleu = options.metrics[0]->name() == "BLEU" && options.bleu.tokenizer != ev::Tokenizer::none;
    if (by_bleu && ev::looks_tokenized(input.systems[i])) {
      fmt::format_to(std::ostreambuf_iterator<char>(err),
                     "warning: {}: 100 lines or more end in ' .'; score detokenised text, or use --tok none\n",
                     options.hypotheses[i]);
    }
  }
  return input;
}

void print_sentences(const ScoreOptions& options, const Input& input, std::ostream& out) {
  const ev::Metric& metric = *options.metrics[0];
  const ev::Statistics statistics = metric.statistics(input.systems[0], input.references);
  for (Index i = 0; i < statistics.segments(); ++i) {
    const auto row = statistics.row(i);
    out << ev::score_text({metric.name(),
                           metric.score(row),
                           metric.verbose(row),
                           metric.signature(input.references.size()),
                           {}},
                          options.style)
        << '\n';
  }
}

void print_system(const ScoreOptions& options, const Input& input, std::ostream& out) {
  std::vector<ev::ScoreLine> lines;
  for (const auto& metric : options.metrics) {
    const ev::Statistics statistics = metric->statistics(input.systems[0], input.references);
    const std::vector<double> sum = statistics.sum();
    ev::ScoreLine line{
        metric->name(), metric->score(sum), metric->verbose(sum), metric->signature(input.references.size()), {}};
    if (options.confidence && options.samples > 1) {  // one resample gives no interval, as in sacreBLEU
      line.signature.resampled(options.samples, 0, ev::seed_text(options.seed));
      line.confidence = ev::bootstrap_confidence(*metric, statistics, options.samples, options.seed);
    }
    lines.push_back(std::move(line));
  }
  out << (options.format == "json" ? ev::scores_json(lines, options.style)
                                   : ev::scores_text(lines, options.style));
}

ev::ScoreTable::Column column_of(const ScoreOptions& options, const Input& input, const ev::Metric& metric) {
  std::vector<ev::Statistics> statistics;
  for (const ev::Lines& system : input.systems) statistics.push_back(metric.statistics(system, input.references));
  std::vector<const ev::Statistics*> systems;
  for (const ev::Statistics& each : statistics) systems.push_back(&each);

  ev::ScoreTable::Column column{metric.name(), metric.signature(input.references.size()), {}};
  const std::string seed = ev::seed_text(options.seed);
  if (options.paired_bs) {
    column.signature.resampled(options.samples, 0, seed);
    column.results = ev::paired_bootstrap(metric, systems, options.samples, options.seed);
  } else if (options.paired_ar) {
    column.signature.resampled(options.ar_confidence, options.samples, seed);
    column.results =
        ev::paired_randomisation(metric, systems, options.samples, options.seed, options.ar_confidence);
  } else {
    const bool confidence = options.confidence && options.samples > 1;
    if (confidence) column.signature.resampled(options.samples, 0, seed);
    for (const ev::Statistics* each : systems) {
      ev::PairedResult result{.score = metric.score(each->sum())};
      if (confidence) result.confidence = ev::bootstrap_confidence(metric, *each, options.samples, options.seed);
      column.results.push_back(result);
    }
  }
  return column;
}

void print_table(const ScoreOptions& options, const Input& input, std::ostream& out) {
  ev::ScoreTable table;
  table.systems = options.hypotheses;
  if (options.paired_bs || options.paired_ar) table.systems[0] = "Baseline: " + table.systems[0];
  for (const auto& metric : options.metrics) table.columns.push_back(column_of(options, input, *metric));
  if (options.format == "json") {
    out << ev::table_json(table);
  } else {
    out << (options.format == "latex" ? ev::table_latex(table, options.style)
                                      : ev::table_text(table, options.style));
  }
}

}  // namespace

int score(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
  const std::optional<ScoreOptions> options = score_options(args, out);
  if (!options) return 0;
  const Input input = read(*options, err);
  if (options->sentence) {
    print_sentences(*options, input, out);
  } else if (input.systems.size() == 1 && options->format != "latex") {
    print_system(*options, input, out);
  } else {
    print_table(*options, input, out);
  }
  return 0;
}

}  // namespace regard::cli
