#pragma once
// A finished plan that is edited again and again, in its keys and in the files that it names: after each edit the
// folder that was gone on with has the results of the edited plan run afresh in another folder, or the tool says what
// differs.
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
  std::filesystem::path folder;  // empty, or not there yet; all that is written goes there
  Index edits = 30;
  std::uint64_t seed = 1;  // of the choice of edits; each of kind and value in turn
};

struct EditOutcome {
  Index edits = 0;
  Index retrained = 0;                        // edits that were refused and done with --retrain
  std::map<std::string, Index> counts = {};   // key or file -> how often it was edited
  std::vector<std::string> differences = {};  // one line each
};

// `say` gets one line an edit. Throws Error where the program can't be run at all.
[[nodiscard]] EditOutcome edit(const EditSettings& settings, const std::function<void(const std::string&)>& say);

}  // namespace regard::torture
