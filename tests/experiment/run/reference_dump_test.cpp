#include "framework/experiment/run/reference_dump.h"

#include <cmath>

#include "framework/base/files.h"
#include "framework/config/write.h"
#include "framework/config/yaml.h"
#include "framework/experiment/data/corpora.h"
#include "framework/experiment/run/run.h"
#include "framework/nn/safetensors.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::experiment {
namespace {

Plan tiny(const std::string& training) {
  return make_plan(config::parse_yaml(
      "name: tiny\n"
      "data: {corpus: {type: reverse, train: 20, valid: 4, test: 4, test_long: 4, symbols: 5}}\n"
      "model: {embedding: 8, hidden: 8}\n"
      "systems: {general: {model.attention: general}}\n"
      "training: {batch: {sentences: 8}, epochs: 1" +
          training + "}\n",
      "p.yaml"));
}

}  // namespace

TEST_CASE("reference dump: the cross-entropy of its logits is its loss") {
  const test::TempFolder place;
  const runs::RunFolder folder{place.path()};
  const Plan plan = tiny(", best_by: chrf");
  const Corpora corpora = load_corpora(plan, folder);
  write_file(folder.resolved_plan(), config::to_yaml(plan.resolved));
  CHECK(do_run(plan, plan.systems[0], 1, corpora, folder, {}) == RunOutcome::finished);
  write_reference_dump(folder, "general", 1, 3, place / "trial.safetensors");

  const auto file = nn::Safetensors::read(place / "trial.safetensors");
  const auto numbers = [&](const char* name) {
    const auto* entry = file.find(name);
    REQUIRE(entry != nullptr);
    REQUIRE(entry->type == DType::f64);
    std::vector<double> values(static_cast<std::size_t>(entry->shape.size()));
    entry->copy_to({values.data(), DType::f64, entry->shape});
    return std::pair{entry->shape, values};
  };
  const auto [shape, logits] = numbers("logits");
  const auto lengths = numbers("batch/target_lengths").second;
  const auto [words_shape, words] = numbers("batch/target_out");
  REQUIRE(lengths.size() == 3);
  const auto V = static_cast<std::size_t>(shape[1]);
  double loss = 0;
  std::size_t row = 0;
  for (std::size_t b = 0; b < 3; ++b) {
    for (std::size_t t = 0; t < static_cast<std::size_t>(lengths[b]); ++t, ++row) {
      double total = 0;
      for (std::size_t v = 0; v < V; ++v) total += std::exp(logits[row * V + v]);
      const auto word = static_cast<std::size_t>(words[b * static_cast<std::size_t>(words_shape[1]) + t]);
      loss += std::log(total) - logits[row * V + word];
    }
  }
  CHECK(static_cast<Index>(row) == shape[0]);
  CHECK(numbers("loss").second[0] == Approx(loss).epsilon(1e-12));
  CHECK(numbers("weights").first[0] == 3);
  double most = 0;
  for (const double g : numbers("gradients/decoder/attention/W_a").second) most = std::max(most, std::abs(g));
  CHECK(most > 0);
}

}  // namespace regard::experiment
