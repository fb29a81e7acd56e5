#include "framework/experiment/data/warnings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "framework/base/unicode.h"
#include "framework/data/batch.h"
#include "framework/runs/budget.h"

namespace regard::experiment {
namespace {

bool is_composed(const std::string& text) { return unicode::normalized(text, unicode::NormalForm::nfc) == text; }

// Where the training text is in Unicode's composed form, text in another form has unknown words that look the
// same.
std::vector<std::string> other_normal_forms(const Plan& plan, const Corpora& corpora) {
  std::vector<std::string> found;
  if (plan.data.text.normalize != unicode::NormalForm::none) return found;
  for (const auto& [side, vocabulary, lines] :
       {std::tuple{"source", &corpora.prepared.source, &data::Corpus::source},
        std::tuple{"target", &corpora.prepared.target, &data::Corpus::target}}) {
    bool composed = true;
    for (Index id = data::kSpecials; id < vocabulary->size() && composed; ++id)
      composed = is_composed(vocabulary->token(static_cast<data::TokenId>(id)));
    if (!composed) continue;
    const auto compare = [&, side = side, lines = lines](const std::string& what, const data::Corpus& corpus) {
      const auto& all = corpus.*lines;
      const auto count =
          std::count_if(all.begin(), all.end(), [](const auto& line) { return !is_composed(line); });
      if (count == 0) return;
      found.push_back(fmt::format(
          "{} of {} {} lines of {} are not in Unicode's composed form (NFC), but the training text is: "
          "words that look the same are unknown to the model; set data.text.normalize to nfc",
          count, corpus.size(), side, what));
    };
    compare("the validation set", corpora.splits.valid);
    for (const data::NamedCorpus& test : corpora.splits.tests)
      compare(fmt::format("test set '{}'", test.name), test.corpus);
  }
  return found;
}

// How many validations a training has depends on its updates, and they on the text.
std::string patience_warning(const Plan& plan, const System& system, const Corpora& corpora) {
  const training::TrainingOptions& training = system.training;
  const bool by_epochs = training.validate_every == 0 && training.max_updates == 0;
  if (training.patience == 0 || by_epochs) return {};
  const Index epoch = updates_of_epoch(system, corpora, plan.seeds.front());
  const bool endless = training.most_epochs() >= runs::kEndless;
  if (endless && training.max_updates == 0) return {};
  Index updates = endless ? training.max_updates : training.most_epochs() * epoch;
  if (training.max_updates > 0) updates = std::min(updates, training.max_updates);
  const Index every = training.validate_every > 0 ? training.validate_every : epoch;
  const Index validations = (updates + every - 1) / every;
  if (training.patience < validations) return {};
  return fmt::format("system '{}': training.patience {} can never end a training of {} validations early",
                     system.name, training.patience, validations);
}

}  // namespace

Index updates_of_epoch(const System& system, const Corpora& corpora, Index seed) {
  const training::TrainingOptions& training = system.training;
  const auto order = data::training_order(corpora.prepared.train, training.batch,
                                          training.data_seed.value_or(static_cast<std::uint64_t>(seed)), 0);
  return (static_cast<Index>(order.size()) + training.accumulate - 1) / training.accumulate;
}

std::vector<std::string> warnings(const Plan& plan, const Corpora& corpora) {
  std::vector<std::string> result;
  // The lines of the test sets, and then which of them the training text has: that may be larger than memory.
  std::unordered_map<std::uint64_t, bool> in_training;
  for (const auto& [name, corpus, tokenized] : corpora.splits.tests) {
    for (const std::string& line : corpus.source) in_training[data::line_hash(line)] = false;
  }
  for (const std::uint64_t hash : corpora.prepared.source_lines) {
    if (const auto found = in_training.find(hash); found != in_training.end()) found->second = true;
  }
  corpora.prepared.source_lines.forget();
  for (const auto& [name, corpus, tokenized] : corpora.splits.tests) {
    Index count = 0;
    std::string lines;
    for (std::size_t i = 0; i < corpus.source.size(); ++i) {
      if (!in_training[data::line_hash(corpus.source[i])]) continue;
      if (++count <= 3) lines += fmt::format("{}{}", count == 1 ? "" : ", ", i + 1);
    }
    if (count > 0) {
      result.push_back(
          fmt::format("{} of {} source sentences of test set '{}' also occur in training (lines {}{})", count,
                      corpus.size(), name, lines, count > 3 ? ", …" : ""));
    }
  }
  for (const std::string& warning : other_normal_forms(plan, corpora)) result.push_back(warning);
  for (const auto& [side, vocabulary] :
       {std::pair{"source", &corpora.prepared.source}, std::pair{"target", &corpora.prepared.target}}) {
    if (vocabulary->size() <= data::kSpecials + 1) {
      result.push_back(fmt::format("the {} vocabulary has {} words besides the special ones", side,
                                   vocabulary->size() - data::kSpecials));
    }
  }
  for (const System& system : plan.systems) {
    const Index words = corpora.prepared.train.target.tokens();
    if (system.training.batch.tokens > words) {
      result.push_back(fmt::format("system '{}': a batch of {} tokens is larger than the training data ({})",
                                   system.name, system.training.batch.tokens, words));
    }
    if (system.training.batch.sentences > corpora.prepared.train.size()) {
      result.push_back(fmt::format("system '{}': a batch of {} sentences is larger than the training data ({})",
                                   system.name, system.training.batch.sentences, corpora.prepared.train.size()));
    }
    if (auto warning = patience_warning(plan, system, corpora); !warning.empty())
      result.push_back(std::move(warning));
  }
  return result;
}

}  // namespace regard::experiment
