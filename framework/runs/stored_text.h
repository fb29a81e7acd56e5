#pragma once
// Reads the text files of a run folder that must be there. Each error names the file.
#include <string>
#include <vector>

#include "framework/runs/run_folder.h"

namespace regard::runs {

// FolderError "FILE: cannot be read: no such file or folder".
[[nodiscard]] std::string read_whole(const Path& path);

// Returns the lines without their line breaks. FolderError "FILE:3: is damaged: byte 7 is not UTF-8".
[[nodiscard]] std::vector<std::string> read_lines(const Path& path);

}  // namespace regard::runs
