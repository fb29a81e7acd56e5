#pragma once
// A figure as data: what is drawn, not how. Names of systems travel in the data file only; the labels are ours.
#include <string>
#include <vector>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

struct Point {
  double x = 0;
  double y = 0;
  double low = 0;  // ends of the bar; NaN where there is none
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
};

// In the browser's pixels. A figure of many systems is larger, with its key at its side.
struct FigureSize {
  int width = 640;
  int height = 400;
};
[[nodiscard]] bool is_crowded(const Figure& figure);
[[nodiscard]] FigureSize size_of(const Figure& figure);

// Every figure of a report; those without data are left out.
[[nodiscard]] std::vector<Figure> figures(const Analysis& analysis);

// The two files that draw it with gnuplot: ID.dat and ID.gp.
[[nodiscard]] std::string gnuplot_data(const Figure& figure);
[[nodiscard]] std::string gnuplot_script(const Figure& figure);

// Okabe and Ito's colours, in the order in which systems take them: told apart by colour-blind readers, and in
// grey together with dash and marker.
[[nodiscard]] const char* system_colour(std::size_t system);

}  // namespace regard::report
