#pragma once
// A variant around another's score, as a window is: the option that names it, what it refuses, and the score.
#include "framework/attention/registry.h"

namespace regard::attention {

// The option `score`: dot, general or concat, each with the defaults of its own options.
[[nodiscard]] config::OptionRow inner_score_option(std::string meaning);

// For `.refuses`: what the score of these options refuses, as "with score 'dot' needs …".
[[nodiscard]] std::string refuses_inner_score(Sizes sizes, const config::Options& options);

// The score of these options; its parameters go to `params`, beside those of the variant itself.
[[nodiscard]] ScorePtr make_inner_score(Sizes sizes, const config::Options& options, nn::Params& params);

}  // namespace regard::attention
