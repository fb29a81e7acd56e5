#include "framework/base/registry.h"

#include <dlfcn.h>

namespace regard {

std::string plugin_of(const void* address) {
  static const char inside = 0;
  Dl_info here{};
  Dl_info there{};
  if (dladdr(&inside, &here) == 0 || dladdr(address, &there) == 0 || here.dli_fbase == there.dli_fbase) return {};
  return there.dli_fname;
}

}  // namespace regard
