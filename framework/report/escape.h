#pragma once
// Text from a corpus, plan or plug-in is hostile until it went through here: one function for each place it can
// stand in. All take UTF-8 and give UTF-8 of the target format; control characters become spaces (nothing here
// prints a line break that the text brought).
#include <string>
#include <string_view>

namespace regard::report {

// Between tags or inside a quoted attribute of HTML or SVG.
[[nodiscard]] std::string html(std::string_view text);

// A span of a Markdown (CommonMark, GitHub) line or table cell; never the beginning of a line.
[[nodiscard]] std::string markdown(std::string_view text);

// Running text or a table cell of LaTeX (pdflatex with T1 and UTF-8). ± – × … and thin spaces become commands.
[[nodiscard]] std::string latex(std::string_view text);

// One field of a CSV row: quoted where needed; what a spreadsheet would run as a formula (= + - @ first) gets a
// leading apostrophe. Numbers of ours do not go through here.
[[nodiscard]] std::string csv_field(std::string_view text);

// One quoted field of a gnuplot data file. A double quote becomes ″ (gnuplot has no escape for it).
[[nodiscard]] std::string data_field(std::string_view text);

// JSON text to stand inside <script type="application/json">: no < > & is left in it.
[[nodiscard]] std::string json_in_html(std::string_view json);

// A name for a file made from a name of the user: letters, digits, '-', '_' and '.' stay, other bytes become '_'
// followed by their hexadecimal, so that two names never meet.
[[nodiscard]] std::string file_stem(std::string_view name);

// data:image/svg+xml;base64,… to stand in src="".
[[nodiscard]] std::string svg_data_uri(std::string_view svg);

}  // namespace regard::report
