#pragma once
// Plug-ins: libraries that a plan names under `plugins:`, and a command under --plugin. Loading one lets it
// register what it brings (attention variants, above all), exactly as what is built in does.
//
// A library is tried in a process of its own first, so that one that crashes, throws or never returns ends that
// process and not ours. It is loaded with all its symbols resolved at once: one that was built for another regard
// asks for a mark that this one does not have (framework/base/build_mark.h.in), and is refused before any of its
// code runs. Nothing is ever unloaded, since the registries point into it.
#include <span>
#include <string>
#include <vector>

#include "framework/runs/run_folder.h"

namespace regard::plugins {

// One that somebody named.
struct PluginFile {
  Path file;
  std::string place = {};  // "p.yaml:3:11: plugins: ", where a plan named it: what a message begins with
};

// One that is loaded.
struct Plugin {
  Path file;
  std::string name;    // the file's without ".so": "my_score"
  std::string sha256;  // of its bytes

  // The file as Registration::plugin has it.
  [[nodiscard]] std::string library() const;
};

// Loads them in their order; one that is named twice, or whose bytes are those of another, once. PluginError, one
// sentence with the file, for one that is missing, is no plug-in, belongs to another build, registers nothing or a
// taken name, throws, crashes or hangs. To be called by one thread, before any other uses a registry.
[[nodiscard]] std::vector<Plugin> load_plugins(std::span<const PluginFile> files);

// What `regard probe FILES` does: loads them and says on standard output how that went, for load_plugins().
int probe_plugins(const std::vector<std::string>& files);

}  // namespace regard::plugins
