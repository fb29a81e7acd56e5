// Registers a name that regard has.
#include "framework/attention/registry.h"

[[maybe_unused]] static const bool registered =
    regard::attention::register_variant({.name = "dot", .summary = "another", .equation = "(none)"});
