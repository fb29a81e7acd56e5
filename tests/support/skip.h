#pragma once
#include "tests/support/catch.h"

// Leaves a case that cannot be made here, and says so.
#define REGARD_SKIP(why)      \
  do {                        \
    WARN("skipped: " << why); \
    SUCCEED();                \
    return;                   \
  } while (false)
