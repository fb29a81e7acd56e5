// A registration that cannot be used: its name is UNUSABLE_NAME, and it has no function that makes the variant.
#include "framework/attention/registry.h"

namespace {
[[maybe_unused]] const bool registered = regard::attention::register_variant(
    {.name = UNUSABLE_NAME, .summary = "cannot be used", .equation = "(none)"});
}  // namespace
