#include "tools/regard/commands/score_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "framework/base/errors.h"
#include "framework/base/nearest.h"
#include "framework/evaluation/chrf.h"
#include "framework/evaluation/line_metrics.h"

namespace regard::cli {
namespace {

namespace po = boost::program_options;
namespace ev = regard::evaluation;

using Texts = std::vector<std::string>;

constexpr Index kMostResamples = 10'000'000;

// As sacreBLEU calls its own, and as plans call the others.
Texts metric_names() {
  Texts names = {"bleu", "chrf", "chrf++", "ter"};
  for (const ev::LineMetricFacts& each : ev::line_metrics()) {
    if (each.metric > ev::LineMetric::ter) names.emplace_back(each.key);
  }
  return names;
}

po::options_description described() {
  po::options_description all(
      "regard score --ref REF [--ref REF]... HYP...\n\nScores files with one segment a line; '-' is "
      "standard input.\n\nOptions");
  auto add = all.add_options();
  add("help", "print this text");
  add("ref", po::value<Texts>()->composing()->value_name("FILE"), "a file of references; may be repeated");
  add("metrics", po::value<std::string>()->default_value("bleu"),
      fmt::format("some of {}; separated by commas", fmt::join(metric_names(), ", ")).c_str());
  add("tok", po::value<std::string>()->default_value("13a"), "tokeniser of BLEU: 13a, intl, char, none");
  add("lc", "BLEU ignores case");
  add("smooth", po::value<std::string>()->default_value("exp"), "smoothing of BLEU: exp, floor, add-k, none");
  add("smooth-value", po::value<double>(), "value of floor (0.1) or add-k (1)");
  add("effective-order", "BLEU up to the last order that has an n-gram; --sentence always does so");
  add("sentence", "print a score for each line");
  add("confidence", "95 % intervals by bootstrap");
  add("paired-bs", "compare with the first file by paired bootstrap");
  add("paired-ar", "compare with the first file by approximate randomisation");
  add("paired-ar-confidence", po::value<Index>()->default_value(0), "resamples for intervals beside --paired-ar");
  add("n", po::value<Index>(), "resamples (1000) or trials (10000)");
  add("seed", po::value<std::string>()->default_value("12345"),
      "seed of the resampling: a number, or none for a random one");
  add("format", po::value<std::string>()->default_value("text"), "text, json or latex");
  add("width", po::value<int>()->default_value(1), "digits after the decimal point");
  add("short", "print short signatures");
  add("score-only", "print only the numbers");
  add("hypotheses", po::value<Texts>(), "HYP");
  return all;
}

[[noreturn]] void refuse(const std::string& sentence) { throw ConfigError("score: " + sentence); }

po::variables_map parsed(const Texts& args, const po::options_description& all) {
  po::positional_options_description positional;
  positional.add("hypotheses", -1);
  po::variables_map values;
  try {
    po::store(po::command_line_parser(args)
                  .options(all)
                  .positional(positional)
                  .style(po::command_line_style::default_style & ~po::command_line_style::allow_guessing)
                  .run(),
              values);
    po::notify(values);
  } catch (const po::unknown_option& error) {
    std::string name = error.get_option_name();
    name.erase(0, name.find_first_not_of('-'));
    Texts known;
    for (const auto& option : all.options()) known.push_back(option->long_name());
    refuse(
        fmt::format("unknown option '--{}'{}; 'regard score --help' lists them", name, did_you_mean(name, known)));
  } catch (const po::error& error) {
    refuse(fmt::format("{}; 'regard score --help' lists the options", error.what()));
  }
  return values;
}

ev::Seed seed_of(const std::string& text) {
  if (text == "none") return std::nullopt;
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) {
    refuse(fmt::format("--seed takes a whole number from 0 to 18446744073709551615, or none, got '{}'", text));
  }
  return seed;
}

std::unique_ptr<ev::Metric> metric_named(const std::string& name, const ev::BleuOptions& bleu) {
  if (name == "bleu") return std::make_unique<ev::Bleu>(bleu);
  if (name == "chrf") return std::make_unique<ev::Chrf>();
  if (name == "chrf++") return std::make_unique<ev::Chrf>(ev::ChrfOptions{.word_order = 2});
  return ev::facts_of(*ev::line_metric_named(name)).make();
}

// Returns the metrics of the list, in the order of metric_names().
std::vector<std::unique_ptr<ev::Metric>> metrics_of(const std::string& list, const ev::BleuOptions& bleu) {
  const Texts known = metric_names();
  Texts named;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    named.push_back(list.substr(at, comma - at));
    at = comma + 1;
    if (std::count(known.begin(), known.end(), named.back()) == 0) {
      refuse(fmt::format("unknown metric '{}'{}; there are {}", named.back(), did_you_mean(named.back(), known),
                         fmt::join(known, ", ")));
    }
    if (std::count(named.begin(), named.end(), named.back()) > 1) {
      refuse(fmt::format("--metrics names {} twice", named.back()));
    }
  }
  std::vector<std::unique_ptr<ev::Metric>> metrics;
  for (const std::string& name : known) {
    if (std::count(named.begin(), named.end(), name) > 0) metrics.push_back(metric_named(name, bleu));
  }
  return metrics;
}

void require_consistent(const ScoreOptions& options) {
  if (options.references.empty()) refuse("--ref is missing; name at least one file of references");
  if (options.hypotheses.empty()) refuse("no file of hypotheses is named; '-' reads standard input");
  const auto from_input = [](const Texts& files) { return std::count(files.begin(), files.end(), "-"); };
  if (from_input(options.references) + from_input(options.hypotheses) > 1) {
    refuse("standard input can be read only once, so only one file can be '-'");
  }
  for (std::size_t i = 0; i < options.hypotheses.size(); ++i) {
    const auto begin = options.hypotheses.begin();
    if (std::find(begin, begin + static_cast<Index>(i), options.hypotheses[i]) != begin + static_cast<Index>(i)) {
      refuse(fmt::format("'{}' is named twice; give each system its own file", options.hypotheses[i]));
    }
  }
  const bool paired = options.paired_bs || options.paired_ar;
  if (options.paired_bs && options.paired_ar) refuse("--paired-bs and --paired-ar exclude each other");
  if (paired && options.hypotheses.size() < 2)
    refuse("a paired test needs a baseline and at least one other file of hypotheses");
  if (paired && options.confidence)
    refuse("--paired-bs includes --confidence; with --paired-ar use --paired-ar-confidence");
  if (options.sentence &&
      (options.metrics.size() > 1 || options.hypotheses.size() > 1 || paired || options.confidence)) {
    refuse("--sentence takes one metric and one file of hypotheses, and no significance test");
  }
  if (options.confidence && options.style.score_only && options.format == "json")
    refuse("--score-only --format json prints only numbers, without intervals; leave --confidence out");
  if (options.sentence && options.format != "text")
    refuse("--sentence prints one line a segment, so --format does not apply");
}

ScoreOptions options_of(const po::variables_map& values) {
  ScoreOptions options;
  if (values.count("ref") > 0) options.references = values["ref"].as<Texts>();
  if (values.count("hypotheses") > 0) options.hypotheses = values["hypotheses"].as<Texts>();
  options.sentence = values.count("sentence") > 0;
  options.confidence = values.count("confidence") > 0;
  options.paired_bs = values.count("paired-bs") > 0;
  options.paired_ar = values.count("paired-ar") > 0;
  options.ar_confidence = values["paired-ar-confidence"].as<Index>();
  if (options.ar_confidence < 0 || options.ar_confidence > kMostResamples) {
    refuse(fmt::format("--paired-ar-confidence takes a whole number from 0 (none) to {}, got {}", kMostResamples,
                       options.ar_confidence));
  }
  options.samples = options.paired_ar ? 10000 : 1000;
  if (values.count("n") > 0) options.samples = values["n"].as<Index>();
  if (options.samples < 1 || options.samples > kMostResamples) {
    refuse(fmt::format("--n takes a whole number from 1 to {}, got {}", kMostResamples, options.samples));
  }
  options.seed = seed_of(values["seed"].as<std::string>());
  options.format = values["format"].as<std::string>();
  if (options.format != "text" && options.format != "json" && options.format != "latex") {
    refuse(fmt::format("--format is text, json or latex, got '{}'", options.format));
  }
  options.style = {.width = values["width"].as<int>(),
                   .score_only = values.count("score-only") > 0,
                   .short_signature = values.count("short") > 0};
  if (options.style.width < 0 || options.style.width > 17) {
    refuse(fmt::format("--width takes a whole number from 0 to 17, got {}", options.style.width));
  }
  options.bleu = {.tokenizer = ev::tokenizer_named(values["tok"].as<std::string>()),
                  .lowercase = values.count("lc") > 0,
                  .smoothing = ev::smoothing_named(values["smooth"].as<std::string>()),
                  .effective_order = options.sentence || values.count("effective-order") > 0};
  if (values.count("smooth-value") > 0) {
    options.bleu.smooth_value = values["smooth-value"].as<double>();
    if (options.bleu.smoothing != ev::Smoothing::floor && options.bleu.smoothing != ev::Smoothing::add_k) {
      refuse("--smooth-value belongs to --smooth floor or add-k");
    }
    if (!(*options.bleu.smooth_value >= 0.0 && *options.bleu.smooth_value <= 1e9)) {
      refuse(fmt::format("--smooth-value takes a number from 0 to 1e9, got {}", *options.bleu.smooth_value));
    }
  }
  options.metrics = metrics_of(values["metrics"].as<std::string>(), options.bleu);
  require_consistent(options);
  return options;
}

}  // namespace

std::optional<ScoreOptions> score_options(const Texts& args, std::ostream& out) {
  const po::options_description all = described();
  const po::variables_map values = parsed(args, all);
  if (values.count("help") == 0) return options_of(values);
  out << all;
  return std::nullopt;
}

}  // namespace regard::cli
