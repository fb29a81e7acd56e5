#pragma once
// Writes the explorer: every test sentence with all systems' translations, which the browser can filter and sort. Its
// first page is HTML, so that it can be read without JavaScript; the rest is data in one
// <script type="application/json">.
#include <string>
#include <string_view>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

[[nodiscard]] std::string explorer_html(const Analysis& analysis);

// Returns the explorer's script. page.js is the script of the rest of the page.
[[nodiscard]] std::string_view explorer_script();

}  // namespace regard::report
