// What the runner promises about the systems of a seed. tests/cli/run_test.cpp runs whole plans with the program.
#include "framework/experiment/schedule/runner.h"

#include <memory>

#include "framework/models/seq2seq.h"
#include "tests/experiment/tiny_plan.h"
#include "tests/support/catch.h"
#include "tests/support/toy.h"

namespace regard::experiment {
TEST_CASE("pairing: common parameters of two systems start with equal bytes") {
  const Plan plan = tiny();
  const Corpora corpora = load_corpora(plan, nowhere());
  const auto model = [&](const char* name, std::uint64_t seed) {
    return std::make_unique<models::Seq2Seq>(system_named(plan, name).model, corpora.prepared.source.size(),
                                             corpora.prepared.target.size(), seed);
  };
  const auto vanilla = model("vanilla", 1);
  const auto general = model("general", 1);
  const auto other_seed = model("vanilla", 2);
  Index common = 0;
  Index differ = 0;
  for (const nn::Param& param : vanilla->params().all()) {
    for (const nn::Param& other : general->params().all()) {
      if (other.name() != param.name() || other.value().shape() != param.value().shape()) continue;
      ++common;
      CHECK(testing::bytes_of(param.value()) == testing::bytes_of(other.value()));
    }
    for (const nn::Param& other : other_seed->params().all()) {
      if (other.name() == param.name())
        differ += testing::bytes_of(param.value()) != testing::bytes_of(other.value());
    }
  }
  CHECK(common >= 8);
  CHECK(differ >= 4);
}

}  // namespace regard::experiment
