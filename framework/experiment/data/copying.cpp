#include "framework/experiment/data/copying.h"

#include <algorithm>

#include "framework/base/errors.h"
#include "framework/data/copies.h"

namespace regard::experiment {
namespace {

bool copies(const Plan& plan) {
  return std::any_of(plan.systems.begin(), plan.systems.end(),
                     [](const System& system) { return models::copies_words(system.model); });
}

void add_copies(const data::Pairs& train, const data::Splits& splits, data::Prepared& prepared) {
  if (prepared.train.source.several() || prepared.train.target.several()) {
    throw ConfigError(
        "data.tokenizer: it draws one of several encodings of a sentence, and an attention that copies needs one "
        "only; set its nbest to 1");
  }
  const auto words = std::make_shared<data::FurtherWords>(prepared.target);
  const auto begin = [&](data::Dataset& dataset) -> data::Copies& {
    dataset.copies = std::make_shared<data::Copies>();
    dataset.copies->words = words;
    return *dataset.copies;
  };
  const auto add = [&](data::Copies& copies, const std::string& source, const std::string& target) {
    copies.add(prepared.source_tokenizer->encode(source), prepared.target_tokenizer->encode(target));
  };
  data::Copies& of_train = begin(prepared.train);
  Index line = 0;
  Index kept = 0;
  train([&](const data::Pair& pair) {
    if (kept < prepared.train.size() && prepared.train.lines[static_cast<std::size_t>(kept)] == line) {
      add(of_train, pair.source, pair.target);
      ++kept;
    }
    ++line;
  });
  const auto add_all = [&](const data::Corpus& corpus, data::Dataset& dataset) {
    data::Copies& copies = begin(dataset);
    for (std::size_t i = 0; i < corpus.source.size(); ++i) add(copies, corpus.source[i], corpus.target[i]);
  };
  add_all(splits.valid, prepared.valid);
  for (std::size_t i = 0; i < prepared.tests.size(); ++i)
    add_all(splits.tests[i].corpus, prepared.tests[i].dataset);
}

}  // namespace

Corpora with_copies(const Plan& plan, const data::Pairs& train, Corpora corpora) {
  if (copies(plan)) add_copies(train, corpora.splits, corpora.prepared);
  return corpora;
}

}  // namespace regard::experiment
