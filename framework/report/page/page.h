#pragma once
// Writes the HTML page: one file that uses no network and is readable without JavaScript.
#include <string>
#include <string_view>
#include <vector>

#include "framework/report/analysis/analysis.h"
#include "framework/report/figures/figure.h"

namespace regard::report {

// A figure and its drawing; svg is empty without gnuplot.
struct Drawing {
  Figure figure;
  std::string svg;
};

struct Drawings {
  std::vector<Drawing> figures;
  std::string missing;  // why there are no drawings, one line; "" if there are
};

[[nodiscard]] std::string page(const Analysis& analysis, const Drawings& drawings);

// Return the start of a page, up to the link that jumps to the id `skip_to`, and its end, from </main> on, with the
// script for tables and heat maps, which includes `more_script`.
[[nodiscard]] std::string page_head(const std::string& title, const std::string& skip_to);
[[nodiscard]] std::string page_end(std::string_view more_script, std::string_view footer);

// Return the content of the page's <style> and <script>.
[[nodiscard]] std::string_view page_style();
[[nodiscard]] std::string_view page_script();

}  // namespace regard::report
