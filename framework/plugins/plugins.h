#pragma once
// Loads plug-ins: libraries that a plan names under `plugins:`, or a command with --plugin. Loading a plug-in registers
// its entries (mostly attention variants), exactly like built-in entries.
//
// A library is first loaded in a separate process, so that a crash, an exception or an endless loop ends only that
// process. All its symbols are resolved at once: a library that was built for another version refers to a symbol that
// this version does not have (framework/base/build_mark.h.in), so it is refused before any of its code runs.
// Libraries are never unloaded, because the registries point into them.
#include <span>
#include <string>
#include <vector>

#include "framework/runs/run_folder.h"

namespace regard::plugins {

// A plug-in that a plan or a command names.
struct PluginFile {
  Path file;
  std::string place = {};  // its place in a plan, for messages: "p.yaml:3:11: plugins: "
};

// A loaded plug-in.
struct Plugin {
  Path file;
  std::string name;    // the file's name without ".so": "my_score"
  std::string sha256;  // of the file's bytes

  // Returns the file's path in the form of Registration::plugin.
  [[nodiscard]] std::string library() const;
};

// Loads the plug-ins in their order. One that is named twice, or has the same bytes as another, is loaded once.
// PluginError, one sentence with the file, for a library that is missing, is not a plug-in, belongs to another build,
// registers nothing or a name in use, throws, crashes or hangs. Call it from one thread, before any other thread uses a
// registry.
[[nodiscard]] std::vector<Plugin> load_plugins(std::span<const PluginFile> files);

// Implements `regard probe FILES`: loads the files and writes the outcome to standard output, for load_plugins().
int probe_plugins(const std::vector<std::string>& files);

}  // namespace regard::plugins
