#pragma once
// Writes attention weights as text for a terminal, and as an SVG file.
#include <string>

#include "framework/runs/results.h"

namespace regard::report {

struct TerminalStyle {
  bool colour = false;  // use 256 colours; false: only numbers
  Index width = 80;     // columns of the terminal; a wider table is split into several
};

// Returns the same example with its map n as the weights.
[[nodiscard]] runs::AttentionExample map_of(const runs::AttentionExample& example, std::size_t n);

// Returns a row for each target word and a column for each source word. A weight is printed as ".87", and not at
// all below .005. Control characters of words become '?'.
[[nodiscard]] std::string weights_text(const runs::AttentionExample& example, const TerminalStyle& style);

// Returns a square for each weight, darker for larger weights, with words at the left and at the top. The number is the
// square's title.
[[nodiscard]] std::string weights_svg(const runs::AttentionExample& example);

}  // namespace regard::report
