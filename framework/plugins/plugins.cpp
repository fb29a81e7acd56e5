#include "framework/plugins/plugins.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>

#include "framework/attention/registry.h"
#include "framework/base/files.h"
#include "framework/base/process.h"
#include "framework/base/sha256.h"
#include "framework/base/version.h"
#include "framework/data/builtin.h"
#include "framework/data/tokenizer.h"
#include "framework/training/optimizer.h"
#include "framework/training/schedule.h"

namespace regard::plugins {
namespace {

constexpr const char* kHow = "docs/attention.md shows how one is built";
constexpr const char* kMark = "regard_build_";  // framework/base/build_mark.h.in
constexpr unsigned kSeconds = 60;               // time limit of loading
// The lines that a probe prints. A plug-in may print other text between them, even without a newline at its end.
constexpr const char* kLoading = "regard probe: loading ";
constexpr const char* kFailed = "regard probe: failed: ";
constexpr const char* kDone = "regard probe: done";

// Returns the path for dlopen(), which would search the system's folders for a name without '/'.
std::string spelled(const Path& file) {
  const Path normal = file.lexically_normal();
  return (normal.has_parent_path() ? normal : Path(".") / normal).string();
}

// Returns the number of entries that a library added to a registry. Throws the PluginError for a name in use.
template <class Entry>
Index count_from(const Registry<Entry>& registry, const std::string& library) {
  const auto names = registry.names();
  return std::count_if(names.begin(), names.end(),
                       [&](const std::string& name) { return registry.registration(name).plugin == library; });
}

// Converts dlopen()'s error to a message for the user.
std::string reason_of(const std::string& library, std::string message) {
  if (message.starts_with(library + ": ")) message.erase(0, library.size() + 2);
  const std::string missing = "undefined symbol: ";
  if (message.starts_with(missing + kMark)) {
    return fmt::format(
        "was built for another version of regard or by another compiler (it needs {}, "
        "but this is regard {}, {}); build it again with this version's package",
        message.substr(missing.size()), version(), compiler());
  }
  if (message.starts_with(missing)) {
    return fmt::format(
        "cannot be loaded: it uses '{}', which is defined neither in it nor in regard; link what it needs",
        message.substr(missing.size()));
  }
  for (const char* no_library : {"invalid ELF header", "file too short", "wrong ELF class"}) {
    if (message.starts_with(no_library)) return fmt::format("is not a shared library ({}); {}", no_library, kHow);
  }
  return fmt::format("cannot be loaded: {}; {}", message, kHow);
}

void load(const Path& file) {
  const std::string library = spelled(file);
  const auto fail = [&](const std::string& why) { throw PluginError(fmt::format("{}: {}", file.string(), why)); };
  if (dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
    fail(reason_of(library, dlerror()));  // NOLINT(concurrency-mt-unsafe): each thread has its own
  }
  Index count = 0;
  try {
    count = count_from(attention::variants(), library) + count_from(training::optimizers(), library) +
            count_from(training::schedules(), library) + count_from(data::tokenizers(), library) +
            count_from(data::builtin_corpora(), library);
  } catch (const PluginError& error) {
    fail(error.what());
  }
  if (count == 0) fail(fmt::format("registers nothing, so it is not a plug-in; {}", kHow));
}

[[noreturn]] void end_probe(const std::string& why) {
  std::string line = why;
  std::replace(line.begin(), line.end(), '\n', ' ');
  fmt::print("\n{}{}\n", kFailed, line);
  std::fflush(stdout);
  _exit(1);
}

// Handles std::terminate: reports an exception that nobody caught.
[[noreturn]] void at_terminate() {
  try {
    if (std::current_exception()) std::rethrow_exception(std::current_exception());
  } catch (const std::exception& error) {
    end_probe(fmt::format("threw while it was loaded: {}", error.what()));
  } catch (...) {
    end_probe("threw an object that is not a std::exception while it was loaded");
  }
  end_probe("ended the program while it was loaded");
}

// Loads all files in a separate process. PluginError for the first one that fails.
void probe(std::span<const PluginFile> files) {
  std::vector<std::string> words{this_program(), "probe"};
  for (const PluginFile& plugin : files) words.push_back(plugin.file.string());
  Process process(words, {});
  std::vector<std::string> lines;
  while (process.read_lines(lines)) {
  }
  process.wait();
  std::size_t at = 0;
  std::string why;
  for (const std::string& line : lines) {
    if (line == kDone) return;
    if (line.starts_with(kLoading)) at = std::stoul(line.substr(std::strlen(kLoading)));
    if (line.starts_with(kFailed)) why = line.substr(std::strlen(kFailed));
  }
  const PluginFile& plugin = files[std::min(at, files.size() - 1)];
  if (why.empty()) {
    const int signal = process.killed_by();
    why = signal == SIGALRM ? fmt::format("did not finish loading within {} seconds", kSeconds)
          : signal != 0 ? fmt::format("crashed while it was loaded (signal {}, {})", signal, signal_text(signal))
                        : fmt::format("ended the program while it was loaded (exit code {})", process.exit_code());
  }
  const std::string file = plugin.file.string() + ": ";
  throw PluginError(plugin.place + (why.starts_with(file) ? "" : file) + why);
}

}  // namespace

std::string Plugin::library() const { return spelled(file); }

std::vector<Plugin> load_plugins(std::span<const PluginFile> files) {
  std::vector<PluginFile> chosen;
  std::vector<Plugin> plugins;
  for (const PluginFile& plugin : files) {
    std::string reason;
    const auto bytes = try_read_file(plugin.file, reason);
    if (!bytes) {
      throw PluginError(fmt::format("{}{}: cannot be read: {}", plugin.place, plugin.file.string(), reason));
    }
    const std::string hash = regard::sha256(*bytes);
    const auto same = [&](const Plugin& other) { return other.sha256 == hash; };
    if (std::any_of(plugins.begin(), plugins.end(), same)) continue;
    std::string name = plugin.file.stem().string();
    const std::string suffix = fmt::format("-{}", hash.substr(0, runs::kCopyDigits));  // of a run folder's copy
    if (name.ends_with(suffix)) name.resize(name.size() - suffix.size());
    plugins.push_back({plugin.file, name, hash});
    chosen.push_back(plugin);
  }
  if (chosen.empty()) return plugins;
  probe(chosen);
  for (const PluginFile& plugin : chosen) load(plugin.file);
  return plugins;
}

int probe_plugins(const std::vector<std::string>& files) {
  std::set_terminate(at_terminate);
  alarm(kSeconds);
  for (std::size_t at = 0; at < files.size(); ++at) {
    fmt::print("\n{}{}\n", kLoading, at);
    std::fflush(stdout);
    try {
      load(files[at]);
    } catch (const PluginError& error) {
      end_probe(error.what());
    } catch (...) {
      at_terminate();
    }
  }
  fmt::print("\n{}\n", kDone);
  std::fflush(stdout);
  _exit(0);  // without running the plug-ins' exit handlers
}

}  // namespace regard::plugins
