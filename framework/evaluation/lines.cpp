#include "framework/evaluation/lines.h"

#include <fmt/format.h>

#include <istream>
#include <iterator>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/utf8.h"

namespace regard::evaluation {

Lines lines_of(std::string_view text, const std::string& name) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (const auto byte = utf8::first_invalid(line)) {
      throw DataError(fmt::format("{}:{}: byte {} of the line (0x{:02X}) is not UTF-8; convert the file to UTF-8",
                                  name, lines.size() + 1, *byte + 1, static_cast<unsigned char>(line[*byte])));
    }
    lines.emplace_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

Lines read_lines(const std::string& path) { return lines_of(read_file(path), path); }

Lines read_lines(std::istream& in, const std::string& name) {
  return lines_of(std::string(std::istreambuf_iterator<char>(in), {}), name);
}

bool starts_with_mark(const Lines& lines) noexcept {
  return !lines.empty() && lines[0].starts_with("\xEF\xBB\xBF");
}

}  // namespace regard::evaluation
