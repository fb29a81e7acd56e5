#pragma once
#include "tests/support/catch.h"

// Skips a case that cannot run here, and prints the reason.
#define REGARD_SKIP(why)      \
  do {                        \
    WARN("skipped: " << why); \
    SUCCEED();                \
    return;                   \
  } while (false)
