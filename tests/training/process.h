#pragma once
// A training as in a new process: its own model and trainer, and the folder of checkpoints.
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "framework/training/trainer.h"
#include "tests/support/toy.h"

namespace regard::testing {

struct Process {
  Process(const data::Dataset& dataset, const training::TrainingOptions& options,
          std::filesystem::path checkpoints, training::Hooks more = {}, DType type = DType::f32,
          std::span<const data::Alignment> alignments = {}, const models::ModelOptions& shape = model_options())
      : data(dataset), model(shape, kToyVocabulary, kToyVocabulary, 3, type), hooks(std::move(more)) {
    if (!hooks.validate) {
      hooks.validate = [this](const models::Seq2Seq& trained) {
        ++validations;
        Tape tape(trained.type(), Tape::Mode::evaluate);
        const data::Batch batch = batch_of(data, {0, 1, 2});
        return training::Validation{
            trained.loss({tape}, batch).value().at(0) / static_cast<double>(batch.target_tokens), {}};
      };
    }
    hooks.validated = [this](const HistoryEntry& record, const TimingEntry&) {
      history.push_back(record);
      if (on_validated) on_validated();
    };
    trainer =
        std::make_unique<training::Trainer>(model, data, options, 3, std::move(checkpoints), hooks, alignments);
  }

  static models::ModelOptions model_options() {
    auto options = toy_model("general", 8);
    options.dropout = {.embedding = 0.2, .layers = 0, .readout = 0.2};
    return options;
  }

  const data::Dataset& data;
  models::Seq2Seq model;
  training::Hooks hooks;
  std::function<void()> on_validated;  // between the best checkpoint and the last
  Index validations = 0;
  std::vector<HistoryEntry> history;
  std::unique_ptr<training::Trainer> trainer;
};

inline training::TrainingOptions toy_options() {
  training::TrainingOptions options;
  options.batch = {.tokens = 0, .sentences = 4};
  options.learning_rate = 0.01;
  options.epochs = 2;
  return options;
}

// Validations with the given losses, one after the other; the last one is repeated.
inline std::function<training::Validation(const models::Seq2Seq&)> scripted(std::vector<double> losses) {
  return [losses, next = std::size_t{0}](const models::Seq2Seq&) mutable {
    return training::Validation{losses[std::min(next++, losses.size() - 1)], {}};
  };
}

}  // namespace regard::testing
