#pragma once
// A figure as data, without its drawing. Names of systems are only in the data file; the labels are ours.
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

struct Point {
  double x = 0;
  double y = 0;
  double low = 0;  // ends of the bar; NaN if there is none
  double high = 0;
};

struct Series {
  std::string name;        // shown in the key; "" keeps a thin line out of it
  std::size_t system = 0;  // fixes colour, dash and marker
  bool thin = false;       // a single seed behind the mean
  std::vector<Point> points;
  bool level = false;  // a height without an x of its own: a line across
};

struct Figure {
  std::string id;       // file name without ending: letters, digits, '-', '_' and '.'
  std::string caption;  // plain text, shown beside the image
  std::string x_label;  // ours
  std::string y_label;  // ours
  bool bars = false;
  bool log_y = false;
  bool points_only = false;
  std::vector<Series> series;
  bool any_y = false;  // not a score: its range is that of its points
};

// The size in browser pixels. A figure of many systems is larger, with its key at its side.
struct FigureSize {
  int width = 640;
  int height = 400;
};
[[nodiscard]] bool is_crowded(const Figure& figure);
[[nodiscard]] FigureSize size_of(const Figure& figure);

// Returns every figure of a report; figures without data are skipped.
[[nodiscard]] std::vector<Figure> figures(const Analysis& analysis);

// Return the two files that draw the figure with gnuplot: ID.dat and ID.gp.
[[nodiscard]] std::string gnuplot_data(const Figure& figure);
[[nodiscard]] std::string gnuplot_script(const Figure& figure);

// Okabe and Ito's colours, in the order of the systems. Colour-blind readers can distinguish them, and in grey
// they differ by dash and marker.
[[nodiscard]] const char* system_colour(std::size_t system);

}  // namespace regard::report
