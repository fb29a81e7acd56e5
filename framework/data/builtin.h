#pragma once
// The registry of built-in corpora, which regard generates. Each is one file in corpora/ that registers itself.
#include <functional>
#include <string>
#include <vector>

#include "framework/base/registry.h"
#include "framework/config/options.h"
#include "framework/data/corpus.h"

namespace regard::data {

struct BuiltinCorpus {
  static constexpr const char* kind = "corpus";
  std::string name;
  std::string summary;
  std::vector<config::OptionRow> options;
  std::function<Splits(const config::Options&)> make;  // ConfigError if the options contradict each other
};

[[nodiscard]] Registry<BuiltinCorpus>& builtin_corpora();
bool register_corpus(BuiltinCorpus corpus, const char* file = __builtin_FILE(), int line = __builtin_LINE());

}  // namespace regard::data
