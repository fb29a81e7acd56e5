#include "framework/data/builtin.h"

#include <utility>

namespace regard::data {

Registry<BuiltinCorpus>& builtin_corpora() {
  static Registry<BuiltinCorpus> registry;
  return registry;
}

bool register_corpus(BuiltinCorpus corpus, const char* file, int line) {
  return builtin_corpora().add(std::move(corpus), file, line);
}

}  // namespace regard::data
