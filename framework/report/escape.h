#pragma once
// Text from a corpus, plan or plug-in is hostile until it went through here: one function for each place it can
// stand in. All take UTF-8 and give UTF-8 of the target format; control characters become spaces (nothing here
// prints a line break that the text brought).
#include <string>
#include <string_view>

namespace regard::report {

// Between tags or inside a quoted attribute of HTML or SVG.
[[nodiscard]] std::string html(std::string_view text);

// Running text of Markdown (CommonMark, GitHub), also where it begins a line or a list's item: what would be
// markup there is escaped, and nothing else, so that the source reads as it was meant ("test_long", "p < 0.001",
// "[0.2, 1.4]"). In a table's cell the bar as well.
[[nodiscard]] std::string markdown(std::string_view text);
[[nodiscard]] std::string markdown_cell(std::string_view text);

// Running text or a table cell of LaTeX (pdflatex with T1 and UTF-8). ± – × … and thin spaces become commands.
[[nodiscard]] std::string latex(std::string_view text);

// One field of a CSV row: quoted where needed; what a spreadsheet would run as a formula (= + - @ first) gets a
// leading apostrophe. Numbers of ours do not go through here.
[[nodiscard]] std::string csv_field(std::string_view text);

// One quoted field of a gnuplot data file. A double quote becomes ″ (gnuplot has no escape for it).
[[nodiscard]] std::string data_field(std::string_view text);

// JSON text to stand inside <script type="application/json">: no < > & is left in it.
[[nodiscard]] std::string json_in_html(std::string_view json);

// A name for a file made from a name of the user: letters, digits, '-', '_' and '.' stay, other bytes become '='
// followed by their hexadecimal, so that two names never meet; a long one is cut and ends with its hash.
[[nodiscard]] std::string file_stem(std::string_view name);

// A language's name as an attribute may hold it (letters, digits and dashes, as in "pt-BR"); else "".
[[nodiscard]] std::string language_tag(std::string_view name);

// data:image/svg+xml;base64,… to stand in src="".
[[nodiscard]] std::string svg_data_uri(std::string_view svg);

}  // namespace regard::report
