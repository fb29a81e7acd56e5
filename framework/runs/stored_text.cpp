#include "framework/runs/stored_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/utf8.h"

namespace regard::runs {

std::string read_whole(const Path& path) {
  std::string reason;
  std::optional<std::string> text = try_read_file(path, reason);
  if (!text) throw FolderError(fmt::format("{}: cannot be read: {}", path.string(), reason));
  return std::move(*text);
}

std::vector<std::string> read_lines(const Path& path) {
  const std::string text = read_whole(path);
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    if (const auto bad = utf8::first_invalid(lines.back())) {
      throw FolderError(
          fmt::format("{}:{}: is damaged: byte {} is not UTF-8", path.string(), lines.size(), *bad + 1));
    }
    begin = end + 1;
  }
  return lines;
}

}  // namespace regard::runs
