#pragma once
// Attention weights without a browser: as text for a terminal, and as an SVG file.
#include <string>

#include "framework/runs/results.h"

namespace regard::report {

struct TerminalStyle {
  bool colour = false;  // 256 colours; without them the numbers are enough
  Index width = 80;     // columns of the terminal; a wider table is split into several
};

// Returns the same example with its map n as the weights.
[[nodiscard]] runs::AttentionExample map_of(const runs::AttentionExample& example, std::size_t n);

// Returns a row for each target word and a column for each source word. A weight is printed as ".87", and not at
// all below .005. Control characters of words become '?'.
[[nodiscard]] std::string weights_text(const runs::AttentionExample& example, const TerminalStyle& style);

// Returns squares as dark as their weight, with words at the left and at the top, and the number in each square's
// title.
[[nodiscard]] std::string weights_svg(const runs::AttentionExample& example);

}  // namespace regard::report
