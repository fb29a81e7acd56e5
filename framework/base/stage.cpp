#include "framework/base/stage.h"

#include <sys/prctl.h>

#include <cstdio>

namespace regard {

Stage::Stage(const char* what) {
  std::array<char, 16> name{};  // the kernel keeps 15 bytes
  std::snprintf(name.data(), name.size(), "regard %s", what);
  prctl(PR_GET_NAME, before_.data());
  prctl(PR_SET_NAME, name.data());
}

Stage::~Stage() { prctl(PR_SET_NAME, before_.data()); }

}  // namespace regard
