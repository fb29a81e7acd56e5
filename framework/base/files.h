#pragma once
// Writes files that survive a kill: as another file in the same folder, which is synced and renamed. Messages are one
// sentence with path and cause.
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace regard {

using Path = std::filesystem::path;

// The suffix of a file's name while it is being written: name + ".partial", in the same folder. A kill can leave such a
// file; the next write of the same name replaces it. It is never a result file.
inline constexpr std::string_view kPartialSuffix = ".partial";

// Returns the whole file; DataError "path: cannot be read: cause".
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

// Returns the whole file, or nothing and the cause in `reason` (for callers that throw another type of error).
[[nodiscard]] std::optional<std::string> try_read_file(const std::filesystem::path& path, std::string& reason);

// Returns the whole file, or nothing if it does not exist. DataError if it exists but cannot be read.
[[nodiscard]] std::optional<std::string> read_if_exists(const std::filesystem::path& path);

// Calls receive(bytes) with the file's bytes, in order, at most a mebibyte at a time; DataError as read_file.
void for_each_piece(const std::filesystem::path& path, const std::function<void(std::string_view)>& receive);

// A file that becomes visible complete or not at all. commit() syncs the file, renames it and syncs the folder. Without
// commit(), or after a failure, no file remains. FolderError "path: cannot be written: cause". Not thread-safe.
class AtomicFile final {
 public:
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail(int cause);

  std::filesystem::path path_;
  std::filesystem::path partial_;
  int descriptor_ = -1;
};

// Writes a whole file through an AtomicFile.
void write_file(const std::filesystem::path& path, std::string_view bytes);

// Makes the folder and its parent folders; FolderError "path: cannot be made: cause".
void make_folder(const std::filesystem::path& path);

// A growing file of lines. Each line is one write, which is synced. The constructor removes an incomplete last line
// that a kill may have left. FolderError if writing fails. Only one writer is allowed.
class LineLog final {
 public:
  explicit LineLog(std::filesystem::path path);
  LineLog(const LineLog&) = delete;
  LineLog& operator=(const LineLog&) = delete;
  ~LineLog();

  // Appends `line`, which must not contain '\n'. After a failure the file contains no part of it.
  void append(std::string_view line);

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

// Returns the complete lines of a LineLog, without '\n'. Text after the last '\n' is skipped. A missing file has no
// lines.
[[nodiscard]] std::vector<std::string> read_log(const std::filesystem::path& path);

// Returns the text of a file with these lines, each followed by '\n'.
[[nodiscard]] std::string joined_lines(const std::vector<std::string>& lines);

// Returns the meaning of errno `cause` for the user: "no space is left on the disk", "permission denied", …
[[nodiscard]] std::string cause_of(int cause);

}  // namespace regard
