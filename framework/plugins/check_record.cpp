#include "framework/plugins/check_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "framework/base/base.h"
#include "framework/base/errors.h"
#include "framework/base/files.h"
#include "framework/base/user_cache.h"

namespace regard::plugins {
namespace {

// Lines that are kept, newest last: some for each build of each plug-in that somebody works on.
constexpr Index kMostLines = 500;

std::optional<Path> record_file() { return user_cache_file("plugin_checks"); }

// Removes the oldest lines, so that `most` are left.
std::string newest(std::string lines, Index most) {
  Index count = std::count(lines.begin(), lines.end(), '\n');
  std::size_t begin = 0;
  for (; count > most; --count) begin = lines.find('\n', begin) + 1;
  return lines.substr(begin);
}

// The lines of the file without those that begin with `start`, and the rest of the last one that does.
struct Record {
  std::string others;
  std::optional<std::string> found;
};
Record read(const Path& file, const std::string& start) {
  Record record;
  const std::string text = read_if_exists(file).value_or("");
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    if (line.starts_with(start)) {
      record.found = line.substr(start.size());
    } else {
      record.others += line + "\n";
    }
    begin = end + 1;
  }
  return record;
}

}  // namespace

void remember_check(const std::string& sha256, const std::string& variant, const std::string& outcome) {
  const auto file = record_file();
  if (!file) return;
  const std::string start = fmt::format("{} {} ", sha256, variant);
  try {
    make_folder(file->parent_path());
    write_file(*file, newest(read(*file, start).others, kMostLines - 1) + start + outcome + "\n");
  } catch (const Error&) {
    return;  // the result of the check is not needed
  }
}

std::string check_outcome(const std::string& sha256, const std::string& variant) {
  const auto file = record_file();
  if (!file) return kNeverChecked;
  try {
    return read(*file, fmt::format("{} {} ", sha256, variant)).found.value_or(kNeverChecked);
  } catch (const Error&) {
    return kNeverChecked;
  }
}

}  // namespace regard::plugins
