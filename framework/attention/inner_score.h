#pragma once
// Helpers for a variant that uses the score of another one, such as a window: the option, the refused sizes and
// the score.
#include "framework/attention/registry.h"

namespace regard::attention {

// Returns the option `score`: dot, general or concat, each with the defaults of its own options.
[[nodiscard]] config::OptionRow inner_score_option(std::string meaning);

// For `.refuses`: returns why the score of these options refuses the sizes, as "with score 'dot' needs …".
[[nodiscard]] std::string refuses_inner_score(Sizes sizes, const config::Options& options);

// Makes the score of these options; its parameters go to `params`, beside those of the variant.
[[nodiscard]] ScorePtr make_inner_score(Sizes sizes, const config::Options& options, nn::Params& params);

}  // namespace regard::attention
