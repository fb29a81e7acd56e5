// A score that aborts the program when it is called.
#include <cstdlib>

#include "framework/attention/registry.h"

namespace {

using namespace regard;

class Aborts final : public attention::Score {
 public:
  Var score(const attention::Query&, Var, const attention::Source&) const override { std::abort(); }
};

[[maybe_unused]] const bool registered = attention::register_variant({
    .name = "aborts",
    .summary = "crashes when it is asked",
    .equation = "(none)",
    .make = [](attention::Sizes, const config::Options&, nn::Params&) -> attention::ScorePtr {
      return std::make_unique<Aborts>();
    },
});

}  // namespace
