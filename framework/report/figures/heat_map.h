#pragma once
// Attention weights as an HTML table: words on both axes. The weight is the cell's tint, its text for screen
// readers, and its title for the mouse.
#include <string>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

[[nodiscard]] std::string heat_map_html(const runs::AttentionExample& example, const std::string& caption);

// "dense" where the maps of several systems are large, so that they are drawn smaller and two stand side by side;
// a class of what holds them. (explorer.js has the same rule.)
[[nodiscard]] const char* heat_maps_density(std::size_t maps, std::size_t source_words);

// Returns the legend of the shades, from 0 to 1.
[[nodiscard]] std::string heat_scale_html();

}  // namespace regard::report
