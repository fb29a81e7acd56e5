#pragma once
// Writes log.txt of a run, each line at once.
#include <fmt/format.h>

#include <string_view>

#include "framework/base/files.h"

namespace regard::experiment {

class RunLog final {
 public:
  // Continues after the complete lines of the file. FolderError if it cannot be opened.
  explicit RunLog(const Path& file) : log_(file) {}

  // Writes the local time and the text, with a space for each line break in it. FolderError if the disk is full.
  void line(std::string_view text);
  template <class... T>
  void line(fmt::format_string<T...> format, T&&... values) {
    line(std::string_view(fmt::format(format, std::forward<T>(values)...)));
  }

 private:
  LineLog log_;
};

}  // namespace regard::experiment
