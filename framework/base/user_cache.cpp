#include "framework/base/user_cache.h"

#include "framework/base/environment.h"

namespace regard {

std::optional<Path> user_cache_file(const char* name) {
  Path folder = environment("XDG_CACHE_HOME");
  if (!folder.is_absolute()) {
    folder = environment("HOME");
    if (!folder.is_absolute()) return std::nullopt;
    folder /= ".cache";
  }
  return folder / "regard" / name;
}

}  // namespace regard
