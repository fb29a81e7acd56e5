#pragma once
// Text that comes line by line: from a file, a pipe or a terminal.
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::cli {

class LineInput final {
 public:
  // "-": standard input. DataError where the file cannot be opened.
  explicit LineInput(const std::string& file);
  LineInput(const LineInput&) = delete;
  LineInput& operator=(const LineInput&) = delete;
  ~LineInput();

  // Waits for a line, then takes those that are there already, at most `most` in all. Without line ends (LF or CR
  // LF) and a byte order mark. False at the end. DataError where it cannot be read.
  bool next(std::vector<std::string>& lines, Index most);

  // For messages: "FILE", or "standard input".
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] bool is_terminal() const;

 private:
  bool fill();
  bool take(std::string& line);

  std::string name_;
  int descriptor_ = -1;
  bool ours_ = false;
  bool ended_ = false;
  bool begun_ = false;
  std::string buffer_;        // what was read and not yet taken
  std::size_t at_ = 0;        // where in it the next line begins
  std::size_t searched_ = 0;  // up to where no line end stands
};

// Writes to standard output at once. False where nobody reads it any more; FolderError where it cannot be written.
[[nodiscard]] bool print_out(const std::string& text);

}  // namespace regard::cli
