#pragma once
// The explorer: every test sentence with all systems' translations, filtered and sorted in the browser. Its first
// page is in the HTML, so that it can be read without JavaScript; the rest is data in one <script
// type="application/json">.
#include <string>
#include <string_view>

#include "framework/report/analysis/analysis.h"

namespace regard::report {

[[nodiscard]] std::string explorer_html(const Analysis& analysis);

// The script that makes it move; page.js has the rest of the page's.
[[nodiscard]] std::string_view explorer_script();

}  // namespace regard::report
