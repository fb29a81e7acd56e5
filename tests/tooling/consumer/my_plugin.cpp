// Uses the same libregard as the program that loads it.
#include "framework/base/parallel.h"

extern "C" int my_plugin_threads() { return regard::threads(); }
