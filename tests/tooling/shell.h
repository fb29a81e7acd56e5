#pragma once
// Runs commands and makes temporary folders, for the tests of scripts and packages.
#include <filesystem>
#include <string>

namespace regard::test {

struct Said {
  int code;          // the exit code
  std::string text;  // stdout and stderr, in the order written
};

// Runs a line of sh without a terminal: stdin is empty.
Said shell(const std::string& line);

// A new folder, removed with its contents at the end of the scope.
class Folder final {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }

  // Writes a file, and creates its folders.
  void write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

}  // namespace regard::test
