// Defines the mark to which plug-ins refer.
#include "framework/base/build_mark.h"

const char REGARD_BUILD_MARK = 1;
