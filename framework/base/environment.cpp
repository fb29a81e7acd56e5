#include "framework/base/environment.h"

#include <cstdlib>

namespace regard {

std::string environment(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): it is unsafe beside setenv only
  return value == nullptr ? "" : value;
}

}  // namespace regard
