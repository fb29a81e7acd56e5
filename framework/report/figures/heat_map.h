#pragma once
// Writes attention weights as an HTML table with words on both axes. A weight is the tint of the cell, its hidden text
// (for screen readers) and its title (for the mouse).
#include <string>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

[[nodiscard]] std::string heat_map_html(const runs::AttentionExample& example, const std::string& caption);

// Returns a CSS class for the element around the maps: "dense" if the maps of several systems are large. Dense maps are
// smaller, two side by side. (explorer.js has the same rule.)
[[nodiscard]] const char* heat_maps_density(std::size_t maps, std::size_t source_words);

// Returns the legend of the shades, from 0 to 1.
[[nodiscard]] std::string heat_scale_html();

}  // namespace regard::report
