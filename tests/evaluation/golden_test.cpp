// Compares with the numbers of a separate program written from the published definitions; see golden/README.md.
#include <fstream>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "framework/evaluation/bleu.h"
#include "framework/evaluation/chrf.h"
#include "framework/evaluation/random.h"
#include "framework/evaluation/resampling.h"
#include "framework/evaluation/ter.h"
#include "tests/support/catch.h"

namespace regard::evaluation {
namespace {

using nlohmann::json;

json golden(const std::string& name) {
  std::ifstream file(std::string(REGARD_GOLDEN) + "/" + name);
  REQUIRE(file);
  return json::parse(file);
}

Approx exactly(double value) { return Approx(value).epsilon(1e-12).margin(1e-300); }

std::unique_ptr<Metric> metric_named(const std::string& name) {
  if (name == "bleu") return std::make_unique<Bleu>();
  if (name == "chrf") return std::make_unique<Chrf>();
  if (name == "chrf++") return std::make_unique<Chrf>(ChrfOptions{.word_order = 2});
  return std::make_unique<Ter>();
}

void check_bleu(const Lines& hypotheses, const std::vector<Lines>& references, const std::string& key,
                const json& expected) {
  BleuOptions options;
  options.tokenizer = tokenizer_named(key.substr(0, key.find(':')));
  options.lowercase = key.ends_with(":lc");
  const std::vector<double> sum = Bleu(options).statistics(hypotheses, references).sum();
  CHECK(sum == expected["sum"].get<std::vector<double>>());
  for (const auto& [smoothing, scores] : expected.items()) {
    if (smoothing == "sum" || smoothing == "sentences") continue;
    BleuOptions smoothed = options;
    const std::size_t colon = smoothing.find(':');
    smoothed.smoothing = smoothing_named(smoothing.substr(0, colon));
    if (!smoothing.ends_with(":None")) smoothed.smooth_value = std::stod(smoothing.substr(colon + 1));
    CHECK(Bleu(smoothed).score(sum) == exactly(scores[0].get<double>()));
    smoothed.effective_order = true;
    CHECK(Bleu(smoothed).score(sum) == exactly(scores[1].get<double>()));
  }
  const std::vector<BleuScore> sentences = sentence_bleu(hypotheses, references, options);
  REQUIRE(sentences.size() == expected["sentences"].size());
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    CHECK(sentences[i].score == exactly(expected["sentences"][i].get<double>()));
  }
}

void check_result(const PairedResult& result, const json& expected) {
  CHECK(result.score == exactly(expected[0].get<double>()));
  CHECK(result.confidence.has_value() == !expected[1].is_null());
  if (result.confidence && !expected[1].is_null()) {
    CHECK(result.confidence->mean == exactly(expected[1].get<double>()));
    CHECK(result.confidence->half_width == Approx(expected[2].get<double>()).epsilon(1e-9));
  }
  CHECK(result.p_value.has_value() == !expected[3].is_null());
  if (result.p_value && !expected[3].is_null()) CHECK(*result.p_value == expected[3].get<double>());
}

}  // namespace

TEST_CASE("scores: difficult text and random words have the golden scores for every metric and option",
          "[golden]") {
  const json examples = golden("scores.json");
  for (const json& example : examples) {
    const Lines hypotheses = example["hypotheses"];
    const std::vector<Lines> references = example["references"];
    for (const auto& [key, expected] : example["expected"].items()) {
      INFO(key << " of " << hypotheses.size() << " segments");
      if (key.find(':') != std::string::npos) {
        check_bleu(hypotheses, references, key, expected);
        continue;
      }
      const std::unique_ptr<Metric> metric = metric_named(key);
      const Statistics statistics = metric->statistics(hypotheses, references);
      CHECK(statistics.sum() == expected["sum"].get<std::vector<double>>());
      CHECK(metric->score(statistics.sum()) == exactly(expected["score"].get<double>()));
      for (Index i = 0; i < statistics.segments(); ++i) {
        CHECK(metric->score(statistics.row(i)) ==
              exactly(expected["sentences"][static_cast<std::size_t>(i)].get<double>()));
      }
    }
  }
}

TEST_CASE("significance: intervals and p-values of both paired tests are the golden ones", "[golden]") {
  const json example = golden("significance.json");
  const std::vector<Lines> references = example["references"];
  for (const auto& entry : example["expected"].items()) {
    const json& expected = entry.value();
    INFO(entry.key());
    const std::unique_ptr<Metric> metric = metric_named(entry.key());
    std::vector<Statistics> statistics;
    for (const json& system : example["systems"]) {
      statistics.push_back(metric->statistics(system.get<Lines>(), references));
    }
    std::vector<const Statistics*> systems;
    for (const Statistics& each : statistics) systems.push_back(&each);
    const auto compare = [&](const std::vector<PairedResult>& results, const char* test) {
      INFO(test);
      REQUIRE(results.size() == expected[test].size());
      for (std::size_t s = 0; s < results.size(); ++s) check_result(results[s], expected[test][s]);
    };
    compare(paired_bootstrap(*metric, systems), "paired_bs");
    compare(paired_bootstrap(*metric, systems, 77, 7), "paired_bs_77");
    compare(paired_randomisation(*metric, systems, 2000), "paired_ar");
    compare(paired_randomisation(*metric, systems, 301, (1ULL << 40) + 5, 50), "paired_ar_ci");
  }
}

TEST_CASE("random: the streams are NumPy's", "[golden]") {
  const json seeds = golden("random.json");
  for (const auto& [seed, expected] : seeds.items()) {
    INFO("seed " << seed);
    NumpyRandom random(std::stoull(seed));
    CHECK(random.state() == expected["state"].get<std::string>());
    CHECK(random.increment() == expected["inc"].get<std::string>());
    const auto draws = [&](std::uint64_t bound, const json& wanted) {
      for (const json& draw : wanted) CHECK(random.below(bound) == draw.get<std::uint32_t>());
    };
    draws(1000, expected["choice1000"]);
    draws(7, expected["choice7"]);
    draws((1ULL << 32) - 5, expected["big"]);
    const json& booleans = expected["bools"];
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < booleans.size(); ++i) {
      if (i % 32 == 0) bits = random.next32();
      CHECK(((bits >> (i % 32)) & 1U) == booleans[i].get<std::uint32_t>());
    }
    draws(3'000'000'000ULL, expected["after"]);
  }
}

}  // namespace regard::evaluation
