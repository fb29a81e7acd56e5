#pragma once
// Runs commands and makes temporary folders, for the tests of scripts and packages.
#include <filesystem>
#include <string>

#include "framework/base/files.h"
#include "tests/support/shell.h"
#include "tests/support/temp_folder.h"

namespace regard::test {

// A new folder, removed with its contents at the end of the scope.
class Folder final {
 public:
  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (folder_ / name).string(); }

  // Writes a file, and the folders it lies in.
  void write(const std::string& name, const std::string& text) const {
    make_folder((folder_ / name).parent_path());
    write_file(folder_ / name, text);
  }

 private:
  TempFolder folder_;
};

}  // namespace regard::test
