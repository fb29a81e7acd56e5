// consumer PLUGIN: sets a number in the library, and prints the number that the plug-in reads.
#include <dlfcn.h>
#include <fmt/format.h>

#include "framework/base/parallel.h"
#include "framework/base/version.h"

int main(int, char** argv) {
  void* plugin = dlopen(argv[1], RTLD_NOW);
  if (plugin == nullptr) {
    fmt::print("{}\n", dlerror());
    return 1;
  }
  const auto plugin_threads = reinterpret_cast<int (*)()>(dlsym(plugin, "my_plugin_threads"));
  regard::set_threads(7);
  fmt::print("regard {}: the plug-in sees {} threads\n", regard::version(), plugin_threads());
  return 0;
}
