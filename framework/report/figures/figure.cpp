#include "framework/report/figures/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <set>

#include "framework/report/analysis/score_buckets.h"
#include "framework/report/escape.h"
#include "framework/report/tables/tables.h"

namespace regard::report {
namespace {

struct Look {
  const char* colour;
  const char* dash;
  int marker;
};

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

constexpr std::array<const char*, 10> kColours{"#333333", "#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                               "#e69f00", "#56b4e9", "#7f3c8d", "#8c6d31", "#a50f15"};
constexpr std::array<const char*, 7> kDashes{"1", "'_'", "'-.'", "'.'", "'_.'", "'-'", "'-..'"};
// gnuplot's point types: first filled squares, circles, triangles …, then open ones, then crosses.
constexpr std::array<int, 15> kMarkers{5, 7, 9, 13, 11, 15, 4, 6, 8, 12, 10, 14, 1, 2, 3};

constexpr std::size_t kUncrowded = 6;  // up to so many systems each seed is drawn, and the key is above the plot

// The first ten systems have different colours and markers. From the eleventh on colours repeat, with other dashes and
// markers.
Look look_of(std::size_t system) {
  return {kColours[system % kColours.size()], kDashes[(system + system / kColours.size()) % kDashes.size()],
          kMarkers[system % kMarkers.size()]};
}

// The validations of each run of a system.
using SeedCurves = std::vector<std::vector<Point>>;

// Returns the mean of x and y at the first, second … validation, up to the last one that every run reached. Runs may
// validate after different updates, because epochs of batches by tokens have different lengths.
std::vector<Point> mean_of(const SeedCurves& runs) {
  std::vector<Point> mean;
  for (std::size_t k = 0; !runs.empty(); ++k) {
    std::vector<double> xs, ys;
    for (const std::vector<Point>& run : runs) {
      if (k >= run.size()) return mean;
      xs.push_back(run[k].x);
      ys.push_back(run[k].y);
    }
    mean.push_back({spread(xs).mean, spread(ys).mean, kNone, kNone});
  }
  return mean;
}

// Returns the minutes of training until this validation; nothing if the run has no times.
std::optional<double> minutes_at(const Run& run, Index update) {
  for (const TimingEntry& entry : run.timing) {
    if (entry.update == update) return entry.seconds / 60;
  }
  return std::nullopt;
}

// Plots validation BLEU against training time: the means over the seeds, at each validation that all seeds reached.
Figure minutes_curve(const Analysis& analysis) {
  Figure figure;
  figure.id = "minutes-bleu";
  figure.x_label = "training (minutes)";
  figure.y_label = "validation BLEU (greedy)";
  figure.caption =
      "The validation BLEU against the minutes of training on "
      "this machine, mean over the seeds.";
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    SeedCurves curve;
    for (const Run* run : analysis.systems[s].finished) {
      std::vector<Point> points;
      for (const HistoryEntry& entry : run->history) {
        if (const std::optional<double> minutes = minutes_at(*run, entry.update))
          points.push_back({*minutes, entry.valid_bleu, kNone, kNone});
      }
      curve.push_back(std::move(points));
    }
    Series mean{analysis.systems[s].name, s, false, mean_of(curve)};
    if (!mean.points.empty()) figure.series.push_back(std::move(mean));
  }
  return figure;
}

// A number of a validation; nothing where it has none.
using Value = std::function<std::optional<double>(const HistoryEntry&)>;

// Thin lines are the seeds; the thick line is their mean, as far as every seed has come.
Figure learning_curve(const Analysis& analysis, std::string id, const std::string& what, const Value& value) {
  Figure figure;
  figure.id = std::move(id);
  figure.x_label = "updates";
  figure.y_label = what;
  const bool crowded = analysis.systems.size() > kUncrowded;
  figure.caption =
      fmt::format("The {} at each validation{}", what,
                  crowded ? ": mean over the seeds, up to the last validation of all."
                          : ". Thick: mean over the seeds, up to the last validation of all; thin: each seed.");
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    SeedCurves curve;
    for (const Run* run : analysis.systems[s].finished) {
      Series seed{"", s, true, {}};
      for (const HistoryEntry& entry : run->history) {
        const double y = value(entry).value_or(kNone);
        if (std::isfinite(y)) seed.points.push_back({static_cast<double>(entry.update), y, kNone, kNone});
      }
      curve.push_back(seed.points);
      if (analysis.systems[s].finished.size() > 1 && !seed.points.empty() && !crowded)
        figure.series.push_back(std::move(seed));
    }
    Series mean{analysis.systems[s].name, s, false, mean_of(curve)};
    if (!mean.points.empty()) figure.series.push_back(std::move(mean));
  }
  return figure;
}

// A curve for each loss of attention and each watched number, of the systems that have it.
void add_attention_curves(const Analysis& analysis, std::vector<Figure>& all) {
  const auto add = [&](const char* id, const char* unit, std::map<std::string, double> HistoryEntry::*numbers) {
    std::set<std::string> names;
    for (const SystemSummary& system : analysis.systems) {
      for (const Run* run : system.finished) {
        for (const HistoryEntry& entry : run->history) {
          for (const auto& [name, number] : entry.*numbers) names.insert(name);
        }
      }
    }
    for (const std::string& name : names) {
      all.push_back(learning_curve(analysis, fmt::format("learning-{}-{}", id, name), name + unit,
                                   [&](const HistoryEntry& entry) -> std::optional<double> {
                                     const auto found = (entry.*numbers).find(name);
                                     if (found == (entry.*numbers).end()) return std::nullopt;
                                     return found->second;
                                   }));
      all.back().any_y = true;
    }
  };
  add("loss", " (nats a token)", &HistoryEntry::losses);
  add("watched", "", &HistoryEntry::watched);
}

Figure bucket_curve(const Analysis& analysis, const std::string& test, const BucketSet& set, BucketMetric metric) {
  const bool bleu = metric == BucketMetric::bleu;
  Figure figure;
  figure.id = fmt::format("{}-{}{}", id_of(set.property), bleu ? "" : "chrf-", file_stem(test));
  figure.y_label = bleu ? "BLEU" : "chrF2";
  figure.bars = true;
  Index most = 0;
  Index least = set.buckets.empty() ? 0 : set.buckets.front().sentences;
  for (const ScoreBucket& bucket : set.buckets) {
    most = std::max(most, bucket.sentences);
    least = std::min(least, bucket.sentences);
  }
  const std::string counts = least == most ? fmt::format("{}", most) : fmt::format("{} to {}", least, most);
  figure.x_label = fmt::format("{} ({})", name_of(set.property), set.unit);
  figure.caption = fmt::format(
      "{} by {} on {}: buckets of {} sentences, each at its mean. "
      "Bars: 95 % interval of the mean over seeds, sentences resampled.",
      figure.y_label, name_of(set.property), test, counts);
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    Series series{analysis.systems[s].name, s, false, {}};
    for (const ScoreBucket& bucket : set.buckets) {
      const Spread& score = bleu ? bucket.bleu[s] : bucket.chrf[s];
      const evaluation::Interval& bar = bleu ? bucket.bleu_interval[s] : bucket.chrf_interval[s];
      if (std::isfinite(score.mean)) series.points.push_back({bucket.mean, score.mean, bar.low, bar.high});
    }
    if (!series.points.empty()) figure.series.push_back(std::move(series));
  }
  return figure;
}

Figure cost_plot(const Analysis& analysis) {
  Figure figure;
  figure.id = "cost";
  figure.x_label = "training (minutes)";
  figure.y_label = "BLEU";
  figure.points_only = true;
  figure.caption =
      fmt::format("BLEU on {} against the minutes of training; each point is a run.", analysis.primary_test);
  double most = 0;
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    Series series{analysis.systems[s].name, s, false, {}};
    for (const Run* run : analysis.systems[s].finished) {
      const auto scores = run->scores.tests.find(analysis.primary_test);
      if (!run->manifest || scores == run->scores.tests.end()) continue;
      const auto& bleu = scores->second.bleu;
      const auto found = bleu.find(analysis.tokenizer);
      if (found == bleu.end()) continue;
      series.points.push_back({run->manifest->training_seconds / 60, found->second.score, kNone, kNone});
      most = std::max(most, series.points.back().x);
    }
    if (!series.points.empty()) figure.series.push_back(std::move(series));
  }
  if (figure.series.empty()) return figure;
  for (std::size_t s = 0; s < analysis.systems.size(); ++s) {
    const SystemSummary& system = analysis.systems[s];
    if (!system.external) continue;
    const auto& bleu = system.bleu.at(analysis.primary_test);
    const auto found = bleu.find(analysis.tokenizer);
    if (found == bleu.end()) continue;
    figure.caption += fmt::format(" {} is another program with unknown training time: a line.", system.name);
    const double bleu_mean = found->second.mean;
    figure.series.push_back(
        {system.name, s, false, {{0, bleu_mean, kNone, kNone}, {most, bleu_mean, kNone, kNone}}, true});
  }
  return figure;
}

// Returns an x range slightly wider than the points. gnuplot's own range would extend to round numbers, even below 0.
std::string x_range(const Figure& figure) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Series& series : figure.series) {
    for (const Point& point : series.points) {
      low = std::min(low, point.x);
      high = std::max(high, point.x);
    }
  }
  if (!(low < high)) return "";
  const double margin = 0.03 * (high - low);
  return fmt::format("set xrange [{:.6g}:{:.6g}]\n", low - margin, high + margin);
}

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "NaN"; }

}  // namespace

bool is_crowded(const Figure& figure) {
  const auto named =
      std::count_if(figure.series.begin(), figure.series.end(), [](const Series& s) { return !s.name.empty(); });
  return named > static_cast<std::ptrdiff_t>(kUncrowded);
}

FigureSize size_of(const Figure& figure) { return is_crowded(figure) ? FigureSize{960, 480} : FigureSize{}; }

const char* system_colour(std::size_t system) { return look_of(system).colour; }

std::vector<Figure> figures(const Analysis& analysis) {
  std::vector<Figure> all{learning_curve(analysis, "learning-bleu", "validation BLEU (greedy)",
                                         [](const HistoryEntry& entry) { return entry.valid_bleu; }),
                          learning_curve(analysis, "learning-perplexity", "validation perplexity",
                                         [](const HistoryEntry& entry) { return entry.valid_perplexity; })};
  all.back().log_y = true;
  add_attention_curves(analysis, all);
  for (const auto& [test, sets] : analysis.buckets) {
    for (const BucketSet& set : sets) {
      all.push_back(bucket_curve(analysis, test, set, BucketMetric::bleu));
      if (set.property == Property::source_length)
        all.push_back(bucket_curve(analysis, test, set, BucketMetric::chrf));
    }
  }
  add_intervention_figures(analysis, all);
  add_tuning_figures(analysis, all);
  if (!analysis.primary_test.empty()) all.push_back(cost_plot(analysis));
  all.push_back(minutes_curve(analysis));
  std::erase_if(all, [](const Figure& figure) { return figure.series.empty(); });
  return all;
}

std::string gnuplot_data(const Figure& figure) {
  std::string out;
  for (const Series& series : figure.series) {
    if (!out.empty()) out += "\n\n";
    out += fmt::format("\"x\"\t{}\t\"low\"\t\"high\"\n", data_field(series.name));
    for (const Point& point : series.points) {
      out +=
          fmt::format("{}\t{}\t{}\t{}\n", number(point.x), number(point.y), number(point.low), number(point.high));
    }
  }
  return out;
}

std::string gnuplot_script(const Figure& figure) {
  std::string out = fmt::format(
      "# To draw it again: gnuplot {0}.gp\n"
      "set encoding utf8\n"
      "set datafile separator \"\\t\"\n"
      "set datafile commentschars \"\"\n"
      "set datafile missing \"NaN\"\n"
      "set border 3 linewidth 0.8 linecolor '#555555'\n"
      "set tics nomirror out scale 0.6 textcolor '#333333'\n"
      "set grid ytics linewidth 0.5 linetype 1 linecolor '#dddddd'\n"
      "set key noenhanced outside {3} samplen 2 textcolor '#222222'\n"
      "set xlabel '{1}' noenhanced textcolor '#333333'\n"
      "set ylabel '{2}' noenhanced textcolor '#333333'\n"
      "{4}"
      "{5}",
      figure.id, figure.x_label, figure.y_label,
      is_crowded(figure) ? "right center vertical" : "top center horizontal",
      is_crowded(figure) ? "" : "set rmargin 4\n",  // gnuplot makes the margin for a key on the right
      x_range(figure));
  if (figure.log_y) {
    out += "set logscale y\nset yrange [1:*]\n";
  } else if (!figure.any_y) {
    out += "set yrange [0:*<100]\n";  // scores end at 100
  }
  std::string plot;
  const auto line = [&](const std::string& what) {
    plot += plot.empty() ? "plot " : ", \\\n     ";
    plot += what;
  };
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    const Series& series = figure.series[i];
    const Look look = look_of(series.system);
    const std::string from = fmt::format("'{}.dat' index {}", figure.id, i);
    if (series.level) {
      line(fmt::format("{} using 1:2 with lines linewidth 1.5 dashtype {} linecolor '{}' title columnheader(2)",
                       from, look.dash, look.colour));
    } else if (figure.points_only) {
      line(fmt::format("{} using 1:2 with points pointtype {} pointsize 0.8 linecolor '{}' title columnheader(2)",
                       from, look.marker, look.colour));
    } else if (series.thin) {
      line(fmt::format("{} using 1:2 skip 1 with lines linewidth 0.6 dashtype 1 linecolor '{}' notitle", from,
                       look.colour));
    } else {
      if (figure.bars) {
        line(fmt::format(
            "{} using 1:2:3:4 skip 1 with yerrorbars pointtype 0 linewidth 0.8 dashtype 1 linecolor '{}' notitle",
            from, look.colour));
      }
      line(fmt::format(
          "{} using 1:2 with linespoints linewidth 2 dashtype {} pointtype {} pointsize 0.6 linecolor '{}' "
          "title columnheader(2)",
          from, look.dash, look.marker, look.colour));
    }
  }
  const FigureSize size = size_of(figure);
  return out + fmt::format(
                   "set terminal svg size {2},{3} font 'sans-serif,15' noenhanced background '#ffffff'\n"
                   "set output '{0}.svg'\n"
                   "{1}\n"
                   "set terminal pdfcairo size {4}in,{5}in font 'sans-serif,11' noenhanced\n"
                   "set output '{0}.pdf'\n"
                   "replot\n"
                   "unset output\n",
                   figure.id, plot, size.width, size.height, size.width / 128.0, size.height / 128.0);
}

}  // namespace regard::report
