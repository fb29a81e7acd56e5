#pragma once
// What the benchmarks train and translate: Multi30k where the environment variable MULTI30K names its folder (as
// tools/fetch_multi30k writes it), else sentences of random words with the same lengths and vocabularies. Models
// are those that the peers are compared with: embedding 256, hidden 512, one layer each, 64 sentences a batch.
#include <string>
#include <vector>

#include "framework/data/dataset.h"
#include "framework/models/options.h"
#include "framework/models/seq2seq.h"
#include "framework/training/options.h"

namespace regard::bench {

struct Workload {
  std::string name;
  Index source_vocabulary = 0;
  Index target_vocabulary = 0;
  data::Dataset train;
  data::Dataset test;  // 1000 sentences
};

// Made at the first call. DataError where MULTI30K names a folder that is not such a corpus.
[[nodiscard]] const Workload& workload();
[[nodiscard]] Workload make_workload();  // another one
// Sentences of `length` words on both sides (0: Multi30k's distribution) over that vocabulary.
[[nodiscard]] data::Dataset random_sentences(Index pairs, Index length, Index source_vocabulary,
                                             Index target_vocabulary, std::uint64_t seed);

struct System {
  std::string attention;
  bool feeding = false;
  [[nodiscard]] std::string name() const { return attention + (feeding ? "+feed" : ""); }
};
// none, dot, general and concat, each without and with input feeding.
[[nodiscard]] std::vector<System> systems();
// "general" or "general+feed"; ConfigError for another name.
[[nodiscard]] System system_named(const std::string& name);

[[nodiscard]] models::ModelOptions model_options(const System& system,
                                                 models::Precision precision = models::Precision::float32);
// "float32", "bfloat16x3" or "bfloat16"; ConfigError for another name.
[[nodiscard]] models::Precision precision_named(const std::string& name);
[[nodiscard]] training::TrainingOptions training_options();

// The floating-point operations that a training step on these many tokens cannot do without: its matrix products
// forward and twice backward, of real tokens alone. Everything else is overhead by this measure.
struct Tokens {
  Index sentences = 0, source = 0, target = 0;  // </s> counted
};
[[nodiscard]] double necessary_flops(const models::ModelOptions& options, Index target_vocabulary, Tokens tokens);

}  // namespace regard::bench
