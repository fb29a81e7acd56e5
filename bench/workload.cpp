#include "bench/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "framework/attention/registry.h"
#include "framework/base/environment.h"
#include "framework/base/errors.h"
#include "framework/base/random.h"
#include "framework/data/prepare.h"

namespace regard::bench {
namespace {

// The vocabulary sizes of Multi30k's training text, with words that occur at least twice.
constexpr Index kSourceVocabulary = 5953;
constexpr Index kTargetVocabulary = 7927;

// The lengths of Multi30k's English sentences are nearly a normal distribution with this mean and deviation.
constexpr double kMeanLength = 13;
constexpr double kLengthDeviation = 4;

Index multi30k_length(const Key& key) {
  const double x = key.normal(0) * kLengthDeviation + kMeanLength;
  return std::clamp<Index>(static_cast<Index>(std::lround(x)), 4, 40);
}

// Returns a word; rank r has a probability proportional to 1 / r (Zipf).
data::TokenId zipf_word(const Key& key, Index vocabulary, Index position) {
  const Index words = vocabulary - data::kSpecials;
  const double rank = std::exp(key.uniform(position) * std::log(static_cast<double>(words)));
  return data::kSpecials + static_cast<data::TokenId>(std::min<Index>(static_cast<Index>(rank), words) - 1);
}

std::vector<data::TokenId> random_sentence(const Key& key, Index length, Index vocabulary) {
  std::vector<data::TokenId> words;
  for (Index i = 0; i < length; ++i) words.push_back(zipf_word(key, vocabulary, i));
  return words;
}

Workload multi30k(const std::filesystem::path& folder) {
  const auto corpus = [&](const std::string& name) {
    return data::read_corpus(folder / "tok" / (name + ".en"), folder / "tok" / (name + ".de"), {}, {});
  };
  data::Splits splits;
  splits.train = corpus("train");
  splits.valid = corpus("val");
  splits.tests.push_back({"test_2016_flickr", corpus("test_2016_flickr")});
  data::PrepareOptions options;
  options.vocabulary.min_frequency = 2;
  data::Prepared prepared = data::prepare(splits, options);
  return {"Multi30k", prepared.source.size(), prepared.target.size(), std::move(prepared.train),
          std::move(prepared.tests.front().dataset)};
}

}  // namespace

Workload make_workload() {
  const std::string folder = environment("MULTI30K");
  if (!folder.empty()) return multi30k(folder);
  return {"random sentences", kSourceVocabulary, kTargetVocabulary,
          random_sentences(29000, 0, kSourceVocabulary, kTargetVocabulary, 1),
          random_sentences(1000, 0, kSourceVocabulary, kTargetVocabulary, 2)};
}

const Workload& workload() {
  static const Workload loaded = make_workload();
  return loaded;
}

data::Dataset random_sentences(Index pairs, Index length, Index source_vocabulary, Index target_vocabulary,
                               std::uint64_t seed) {
  data::Dataset dataset;
  for (Index pair = 0; pair < pairs; ++pair) {
    const Key key = Key(seed, "bench").with(pair);
    const Index source = length == 0 ? multi30k_length(key.with("length")) : length;
    // A translation is about as long as its source.
    const Index difference = length == 0 ? static_cast<Index>(std::lround(key.with("ratio").normal(0) * 2)) : 0;
    dataset.source.add(random_sentence(key.with("source"), source, source_vocabulary));
    dataset.target.add(
        random_sentence(key.with("target"), std::max<Index>(3, source + difference), target_vocabulary));
    dataset.lines.push_back(pair);
  }
  return dataset;
}

std::vector<System> systems() {
  std::vector<System> all;
  for (const bool feeding : {false, true}) {
    for (const char* attention : {"none", "dot", "general", "concat"}) all.push_back({attention, feeding});
  }
  return all;
}

System system_named(const std::string& name) {
  for (const System& system : systems()) {
    if (system.name() == name) return system;
  }
  throw ConfigError(
      fmt::format("unknown system '{}'; there are none, dot, general and concat, and each with +feed", name));
}

models::Precision precision_named(const std::string& name) {
  if (name == "float32") return models::Precision::float32;
  if (name == "bfloat16x3") return models::Precision::bfloat16x3;
  if (name == "bfloat16") return models::Precision::bfloat16;
  throw ConfigError(fmt::format("unknown precision '{}'; there are float32, bfloat16x3 and bfloat16", name));
}

models::ModelOptions model_options(const System& system, models::Precision precision) {
  models::ModelOptions options;
  options.precision = precision;
  options.encoder.bidirectional = false;
  options.decoder.input_feeding = system.feeding;
  options.dropout.embedding = 0.3;
  options.dropout.readout = 0.3;
  options.attention.name = system.attention;
  if (system.attention != "none") {
    options.attention.options = config::defaults(attention::variants().at(system.attention).options);
  }
  return options;
}

training::TrainingOptions training_options() { return {}; }

double necessary_flops(const models::ModelOptions& options, Index target_vocabulary, Tokens tokens) {
  const auto E = static_cast<double>(options.embedding);
  const auto H = static_cast<double>(options.hidden);
  const auto V = static_cast<double>(target_vocabulary);
  const auto source = static_cast<double>(tokens.source);
  const auto target = static_cast<double>(tokens.target);
  const double directions = options.encoder.bidirectional ? 2 : 1;
  const double width = H / directions;
  double products = source * directions * (E + width) * 4 * width;                 // encoder
  products += target * (E + H + (options.decoder.input_feeding ? H : 0)) * 4 * H;  // decoder
  if (options.attention.name != "none") {
    const double looked_at = target * source / static_cast<double>(tokens.sentences);  // pairs (t, s)
    products += looked_at * H * 2 + target * 2 * H * H;                                // scores, context, W_c
    if (options.attention.name == "general") products += source * H * H;
    if (options.attention.name == "concat") products += (source + target) * H * H;
  }
  products += target * H * V;
  return 3 * 2 * products;
}

}  // namespace regard::bench
