// Registers a name that regard uses already.
#include "framework/attention/registry.h"

namespace {

using namespace regard::attention;

[[maybe_unused]] const bool registered = register_variant({
    .name = "dot",
    .summary = "another",
    .equation = "(none)",
    .make = [](Sizes, const regard::config::Options&, regard::nn::Params&) -> ScorePtr { return nullptr; },
});

}  // namespace
