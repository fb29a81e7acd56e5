#pragma once
// The data and models of the benchmarks. The data are Multi30k if the environment variable MULTI30K names its
// folder (tools/fetch_multi30k writes it), otherwise sentences of random words with the same lengths and
// vocabularies. The models are those that are compared with PyTorch: embedding 256, hidden 512, one layer each, 64
// sentences a batch.
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

// Returns the workload, made at the first call. DataError if MULTI30K names a folder without this corpus.
[[nodiscard]] const Workload& workload();
[[nodiscard]] Workload make_workload();  // makes a new one
// Returns sentences of `length` words on both sides (0: Multi30k's distribution) over this vocabulary.
[[nodiscard]] data::Dataset random_sentences(Index pairs, Index length, Index source_vocabulary,
                                             Index target_vocabulary, std::uint64_t seed);

struct System {
  std::string attention;
  bool feeding = false;
  [[nodiscard]] std::string name() const { return attention + (feeding ? "+feed" : ""); }
};
// Returns none, dot, general and concat, each without and with input feeding.
[[nodiscard]] std::vector<System> systems();
// Returns the system "general" or "general+feed"; ConfigError for an unknown name.
[[nodiscard]] System system_named(const std::string& name);

[[nodiscard]] models::ModelOptions model_options(const System& system,
                                                 models::Precision precision = models::Precision::float32);
// Returns the precision "float32", "bfloat16x3" or "bfloat16"; ConfigError for an unknown name.
[[nodiscard]] models::Precision precision_named(const std::string& name);
[[nodiscard]] training::TrainingOptions training_options();

// Returns the floating-point operations that a training step on so many tokens needs: its matrix products, once
// forward and twice backward, for real tokens only. Everything else counts as overhead.
struct Tokens {
  Index sentences = 0, source = 0, target = 0;  // including </s>
};
[[nodiscard]] double necessary_flops(const models::ModelOptions& options, Index target_vocabulary, Tokens tokens);

}  // namespace regard::bench
