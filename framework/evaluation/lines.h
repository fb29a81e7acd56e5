#pragma once
// Reads files of lines as sacreBLEU does: UTF-8, split only at \n (a carriage return is white space at the end of
// a line), and without a newline at the end of the file no empty line behind it.
#include <iosfwd>
#include <string>

#include "framework/evaluation/metric.h"

namespace regard::evaluation {

// Returns the lines of a file. DataError "path: …" if the file cannot be read, "path:line: byte n …" if it is not
// UTF-8. A byte order mark stays part of the first line, as in sacreBLEU: see starts_with_mark.
[[nodiscard]] Lines read_lines(const std::string& path);
[[nodiscard]] Lines read_lines(std::istream& in, const std::string& name);
[[nodiscard]] Lines lines_of(std::string_view text, const std::string& name);

[[nodiscard]] bool starts_with_mark(const Lines& lines) noexcept;

}  // namespace regard::evaluation
