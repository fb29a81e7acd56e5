// A registration that cannot be used: of the name UNUSABLE_NAME, and without anything that makes the variant.
#include "framework/attention/registry.h"

namespace {
[[maybe_unused]] const bool registered = regard::attention::register_variant(
    {.name = UNUSABLE_NAME, .summary = "cannot be used", .equation = "(none)"});
}  // namespace
