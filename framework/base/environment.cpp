#include "framework/base/environment.h"

#include <cstdlib>

namespace regard {

std::string environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): only unsafe with setenv
  return value == nullptr ? "" : value;
}

}  // namespace regard
