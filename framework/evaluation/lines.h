#pragma once
// Reads files of lines like sacreBLEU: UTF-8, split only at \n (a carriage return is white space at the end of a line).
// A newline at the end of the file does not start another line.
#include <iosfwd>
#include <string>

#include "framework/evaluation/metric.h"

namespace regard::evaluation {

// Returns the lines of a file. DataError "path: …" if the file cannot be read, "path:line: byte n …" if it is not
// UTF-8. A byte order mark remains in the first line, as in sacreBLEU; see starts_with_mark.
[[nodiscard]] Lines read_lines(const std::string& path);
[[nodiscard]] Lines read_lines(std::istream& in, const std::string& name);
[[nodiscard]] Lines lines_of(std::string_view text, const std::string& name);

[[nodiscard]] bool starts_with_mark(const Lines& lines) noexcept;

}  // namespace regard::evaluation
