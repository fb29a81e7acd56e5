#pragma once
// Reads text line by line from a file, a pipe or a terminal.
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::cli {

class LineInput final {
 public:
  // "-" is standard input. DataError if the file cannot be opened.
  explicit LineInput(const std::string& file);
  LineInput(const LineInput&) = delete;
  LineInput& operator=(const LineInput&) = delete;
  ~LineInput();

  // Waits for a line, then also takes the lines that can be read without waiting, at most `most` in all. Removes
  // line ends (LF or CR LF) and a byte order mark. Returns false at the end. DataError if reading fails.
  bool next(std::vector<std::string>& lines, Index most);

  // Returns the name for messages: the file, or "standard input".
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

// Writes to standard output at once. Returns false if nobody reads it any more. FolderError if writing fails.
[[nodiscard]] bool print_out(const std::string& text);

}  // namespace regard::cli
