#pragma once
// Edits a finished plan many times, in its keys and in the files that it names. After each edit it runs the plan
// twice: in the same folder, which continues there, and in a new one. Both folders must have the same results.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "framework/base/base.h"

namespace regard::torture {

struct EditSettings {
  std::string program;           // regard
  std::filesystem::path folder;  // an empty or a new folder, for all files
  Index edits = 30;
  std::uint64_t seed = 1;  // of the random choice of edits
};

struct EditOutcome {
  Index edits = 0;
  Index retrained = 0;                        // edits that were refused, and then run with --retrain
  std::map<std::string, Index> counts = {};   // key or file -> how often it was edited
  std::vector<std::string> differences = {};  // one line each
};

// `say` gets one line for each edit. Throws Error if the program cannot run the plan at all.
[[nodiscard]] EditOutcome edit(const EditSettings& settings, const std::function<void(const std::string&)>& say);

}  // namespace regard::torture
