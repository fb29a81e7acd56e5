#pragma once
// A figure as data, not yet drawn. Names of systems are written only to the data file; the labels are our own text.
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
  std::string name;        // in the key; "": a thin line without an entry
  std::size_t system = 0;  // determines colour, dash and marker
  bool thin = false;       // the line of a single seed
  std::vector<Point> points;
  bool level = false;  // a value without x: drawn as a horizontal line
};

struct Figure {
  std::string id;       // file name without ending: letters, digits, '-', '_' and '.'
  std::string caption;  // plain text, shown with the image
  std::string x_label;  // our own text
  std::string y_label;  // our own text
  bool bars = false;
  bool log_y = false;
  bool points_only = false;
  std::vector<Series> series;
  bool any_y = false;  // not a score: its range is that of its points
};

// The size in browser pixels. A figure of many systems is larger, because its key is at the side.
struct FigureSize {
  int width = 640;
  int height = 400;
};
[[nodiscard]] bool is_crowded(const Figure& figure);
[[nodiscard]] FigureSize size_of(const Figure& figure);

// Returns every figure of a report; figures without data are skipped.
[[nodiscard]] std::vector<Figure> figures(const Analysis& analysis);

// Appends the change of loss under even weights by source length, if it was measured (intervention_figure.cpp).
void add_intervention_figures(const Analysis& analysis, std::vector<Figure>& all);

// Appends the expected best validation by the number of trials, if the plan was tuned (tuning_figure.cpp).
void add_tuning_figures(const Analysis& analysis, std::vector<Figure>& all);

// Return the two files that draw the figure with gnuplot: ID.dat and ID.gp.
[[nodiscard]] std::string gnuplot_data(const Figure& figure);
[[nodiscard]] std::string gnuplot_script(const Figure& figure);

// Returns one of Okabe and Ito's colours, which colour-blind readers can distinguish. Printed in grey, systems differ
// by dash and marker.
[[nodiscard]] const char* system_colour(std::size_t system);

}  // namespace regard::report
