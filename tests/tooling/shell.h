#pragma once
// What the tests of scripts and packages share: run a command and read what it says; a folder that goes away.
#include <filesystem>
#include <string>

namespace regard::test {

struct Said {
  int code;          // the exit code
  std::string text;  // stdout and stderr, in the order written
};

// Runs a line of sh without a terminal: stdin is empty.
Said shell(const std::string& line);

// A new folder, removed with all in it at the end of the scope.
class Folder final {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }

  // Writes a file, and the folders it lies in.
  void write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

}  // namespace regard::test
