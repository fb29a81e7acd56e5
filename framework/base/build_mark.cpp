// Defines the mark that plug-ins ask for.
#include "framework/base/build_mark.h"

const char REGARD_BUILD_MARK = 1;
