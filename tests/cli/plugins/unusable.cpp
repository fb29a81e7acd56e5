// A registration that cannot be used: its name is UNUSABLE_NAME, and it has no function that makes the variant.
#include "framework/attention/registry.h"
namespace {
#ifdef UNUSABLE_LOSS
[[maybe_unused]] const bool registered = regard::attention::register_variant({
    .name = "lossy",
    .summary = "cannot be used",
    .equation = "(none)",
    .options = {regard::config::number_option("factor", 1, regard::config::above(0), "", "f")},
    .losses = {{UNUSABLE_LOSS, 1, "of a test"}},
    .make = [](regard::attention::Sizes, const regard::config::Options&,
               regard::nn::Params&) -> regard::attention::ScorePtr { return nullptr; },
});
#else
[[maybe_unused]] const bool registered = regard::attention::register_variant(
    {.name = UNUSABLE_NAME, .summary = "cannot be used", .equation = "(none)"});
#endif
}  // namespace
