#pragma once
// Attention weights where there is no browser: as text for a terminal, and as an SVG of its own.
#include <string>

#include "framework/runs/results.h"

namespace regard::report {

struct TerminalStyle {
  bool colour = false;  // 256 colours; the numbers say the same without
  Index width = 80;     // columns of the terminal; a wider table is cut into several
};

// A row a target word, a column a source word; a weight as ".87", nothing below .005. Control characters of words
// become '?'.
[[nodiscard]] std::string weights_text(const runs::AttentionExample& example, const TerminalStyle& style);

// Squares as dark as their weight, words at the left and on top, the number in each square's title.
[[nodiscard]] std::string weights_svg(const runs::AttentionExample& example);

}  // namespace regard::report
