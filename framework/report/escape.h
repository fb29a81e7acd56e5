#pragma once
// Escapes untrusted text from a corpus, plan or plug-in. There is one function for each place where it can be written.
// All accept UTF-8 and return UTF-8 in the target format. Control characters become spaces, so the text cannot break
// a line.
#include <string>
#include <string_view>

namespace regard::report {

// For text between tags or inside a quoted attribute of HTML or SVG.
[[nodiscard]] std::string html(std::string_view text);

// For Markdown text (CommonMark, GitHub), also at the start of a line or a list item. Only characters that would be
// markup are escaped, so that the source stays readable ("test_long", "p < 0.001", "[0.2, 1.4]"). In a table's cell
// the bar is escaped too.
[[nodiscard]] std::string markdown(std::string_view text);
[[nodiscard]] std::string markdown_cell(std::string_view text);

// For text or a table cell of LaTeX (pdflatex with T1 and UTF-8). ± – × … and thin spaces become commands.
[[nodiscard]] std::string latex(std::string_view text);

// For one field of a CSV row: adds quotes where needed. A text that a spreadsheet would read as a formula (it starts
// with = + - @) gets a leading apostrophe. Our own numbers are not escaped.
[[nodiscard]] std::string csv_field(std::string_view text);

// For one quoted field of a gnuplot data file. A double quote becomes ″ (gnuplot has no escape for it).
[[nodiscard]] std::string data_field(std::string_view text);

// For JSON in <script type="application/json">: escapes < > &.
[[nodiscard]] std::string json_in_html(std::string_view json);

// Returns a file name for a user's name. Letters, digits, '-', '_' and '.' are kept; other bytes become '=' and two
// hexadecimal digits, so that different names stay different. A long name is cut and ends with its hash.
[[nodiscard]] std::string file_stem(std::string_view name);

// Returns a language's name if it is valid in an attribute (letters, digits and dashes, as in "pt-BR"); else "".
[[nodiscard]] std::string language_tag(std::string_view name);

// Returns data:image/svg+xml;base64,… for src="".
[[nodiscard]] std::string svg_data_uri(std::string_view svg);

}  // namespace regard::report
