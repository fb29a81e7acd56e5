#include "framework/training/trainer.h"

#include <cmath>

#include "framework/training/attention_rate.h"
#include "framework/training/checkpoint.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/training/process.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

}  // namespace

TEST_CASE("trainer: two epochs end because of the number of epochs and have a history line each") {
  const auto data = reverse_data(10, 2, 5);
  Process process(data, toy_options(), {});
  const Outcome outcome = process.trainer->run();
  CHECK(outcome.stopped == Stopped::epochs);
  CHECK(outcome.state.epochs == 2);
  CHECK(outcome.state.updates == 6);
  CHECK(outcome.state.tokens == 2 * (data.target.tokens() + data.size()));
  REQUIRE(process.history.size() == 2);
  CHECK(process.history[0].epoch == 1);
  CHECK(process.history[0].update == 3);
  CHECK(process.history[0].tokens == data.target.tokens() + data.size());
  CHECK(process.history[0].best);
  CHECK(process.history[0].learning_rate == 0.01);
  CHECK(process.history[0].gradient_norm > 0);
  CHECK(process.history[0].train_loss == Approx(std::log(static_cast<double>(kToyVocabulary))).epsilon(0.1));
  CHECK(process.history[1].epoch == 2);
  CHECK(process.history[1].valid_loss < process.history[0].valid_loss);
}

TEST_CASE("trainer: accumulated batches give the update of one batch with all their sentences") {
  const auto data = reverse_data(24, 2, 5);
  for (const auto normalise : {Normalise::sentence, Normalise::token}) {
    // An order in which a batch of 12 has the sentences of three batches of 4.
    auto options = toy_options();
    options.normalise = normalise;
    options.epochs = 3;
    options.batch = {.tokens = 0, .sentences = 24};
    Process whole(data, options, {}, {}, DType::f64);
    const Outcome expected = whole.trainer->run();
    options.batch = {.tokens = 0, .sentences = 4};
    options.accumulate = 6;
    Process parts(data, options, {}, {}, DType::f64);
    const Outcome outcome = parts.trainer->run();
    CHECK(outcome.state.updates == expected.state.updates);
    CHECK(outcome.state.tokens == expected.state.tokens);
    double most = 0;
    for (std::size_t i = 0; i < whole.model.params().all().size(); ++i) {
      const auto one = numbers(whole.model.params().all()[i].value());
      const auto other = numbers(parts.model.params().all()[i].value());
      for (std::size_t k = 0; k < one.size(); ++k) most = std::max(most, std::abs(one[k] - other[k]));
    }
    CHECK(most < 1e-9);
    CHECK(parts.history[2].train_loss == Approx(whole.history[2].train_loss).epsilon(1e-9));
    CHECK(parts.history[2].gradient_norm == Approx(whole.history[2].gradient_norm).epsilon(1e-9));
  }
}

TEST_CASE("trainer: the last update of an epoch has the remaining batches") {
  const auto data = reverse_data(10, 2, 5);
  auto options = toy_options();
  options.batch = {.tokens = 0, .sentences = 2};
  options.accumulate = 3;
  Index last = 0;
  Hooks hooks;
  hooks.progress = [&](const Progress& now) {
    CHECK(now.updates == 4);
    last = now.update;
  };
  Process process(data, options, {}, hooks);
  CHECK(process.trainer->run().state.updates == 4);
  CHECK(last == 4);
}

TEST_CASE("trainer: the average is validated and saved while training continues with its own parameters") {
  const auto data = reverse_data(10, 2, 5);
  const test::TempFolder plain_folder;
  Process plain(data, toy_options(), plain_folder.path());
  plain.trainer->run();
  const test::TempFolder folder;
  auto options = toy_options();
  options.averaging = {.kind = AveragingOptions::Kind::ema, .decay = 0.5};
  std::string validated;
  Hooks hooks;
  hooks.validate = [&](const models::Seq2Seq& model) {
    validated = bytes_of(model.params());
    return Validation{1 - static_cast<double>(validated.size() % 2), {}};
  };
  Process process(data, options, folder.path(), hooks);
  process.trainer->run();
  CHECK((bytes_of(process.model.params()) == bytes_of(plain.model.params())));
  CHECK((validated != bytes_of(plain.model.params())));
  load_parameters(folder / kBest, process.model.params());
  CHECK((bytes_of(process.model.params()) != bytes_of(plain.model.params())));
}

TEST_CASE("trainer: best_by chrF needs a chrF in the validation") {
  const auto data = reverse_data(6, 2, 4);
  auto options = toy_options();
  options.best_by = Metric::chrf;
  Hooks hooks;
  hooks.validate = [chrf = 10.0](const models::Seq2Seq&) mutable { return Validation{1, {}, chrf += 5}; };
  Process process(data, options, {}, hooks);
  CHECK(process.trainer->run().state.best == 20.0);
  hooks.validate = [](const models::Seq2Seq&) { return Validation{1, 50.0}; };
  Process without(data, options, {}, hooks);
  CHECK_THROWS_AS(without.trainer->run(), InternalError);
}

TEST_CASE("trainer: epochs auto ends after validations without improvement or after the most epochs") {
  const auto data = reverse_data(8, 2, 5);
  auto options = toy_options();
  options.epochs = {};
  Hooks hooks;
  Index epochs_shown = -1;
  hooks.progress = [&](const Progress& now) { epochs_shown = now.epochs; };
  const auto run = [&](const std::vector<double>& losses) {
    hooks.validate = scripted(losses);
    Process process(data, options, {}, hooks);
    return process.trainer->run();
  };
  const std::vector<double> losses{5, 4, 4.1, 4.2, 4.3, 4.4, 4.5, 1, 1, 1};
  const Outcome ended = run(losses);
  CHECK(ended.stopped == Stopped::patience);
  CHECK(ended.state.epochs == 7);  // five misses after the second
  CHECK(epochs_shown == 0);        // not known
  options.patience = 2;
  CHECK(run(losses).state.epochs == 4);
  std::vector<double> better;
  for (int i = 0; i < 200; ++i) better.push_back(1000 - i);
  const Outcome most = run(better);
  CHECK(most.stopped == Stopped::epochs);
  CHECK(most.state.epochs == 100);
}

TEST_CASE("trainer: patience ends the training and the best checkpoint is kept") {
  const auto data = reverse_data(8, 2, 5);
  const test::TempFolder folder;
  auto options = toy_options();
  options.epochs = 50;
  options.patience = 3;
  std::string best;
  Hooks hooks;
  hooks.validate = [&, script = scripted({5, 4, 4, 4.5, 3, 3, 3, 3})](const models::Seq2Seq& model) {
    const Validation now = script(model);
    if (now.loss == 3 && best.empty()) best = bytes_of(model.params());
    return now;
  };
  Process process(data, options, folder.path(), hooks);
  const Outcome outcome = process.trainer->run();
  CHECK(outcome.stopped == Stopped::patience);
  CHECK(outcome.state.validations == 8);
  CHECK(outcome.state.best == 3.0);
  CHECK(outcome.state.best_epoch == 5);
  CHECK(outcome.state.misses == 5);
  std::vector<bool> were_best;
  for (const auto& record : process.history) were_best.push_back(record.best);
  CHECK(were_best == std::vector<bool>{true, true, false, false, true, false, false, false});
  load_parameters(folder / kBest, process.model.params());
  CHECK((bytes_of(process.model.params()) == best));
}

TEST_CASE("trainer: BLEU can select the best checkpoint") {
  const auto data = reverse_data(8, 2, 5);
  auto options = toy_options();
  options.epochs = 3;
  options.best_by = Metric::bleu;
  Hooks hooks;
  hooks.validate = [bleu = 10.0](const models::Seq2Seq&) mutable {
    bleu = bleu == 10.0 ? 30 : bleu - 5;
    return Validation{1, bleu};
  };
  Process process(data, options, {}, hooks);
  const Outcome outcome = process.trainer->run();
  CHECK(outcome.state.best == 30.0);
  CHECK(outcome.state.best_epoch == 1);
  CHECK(process.history[2].valid_bleu == 20.0);
}

TEST_CASE("trainer: plateau halves the learning rate after a validation without an improvement") {
  const auto data = reverse_data(8, 2, 5);
  auto options = toy_options();
  options.epochs = 4;
  options.schedule.name = "plateau";
  Hooks hooks;
  hooks.validate = scripted({5, 6, 4, 4});
  Process process(data, options, {}, hooks);
  process.trainer->run();
  std::vector<double> rates;
  for (const auto& record : process.history) rates.push_back(record.learning_rate);
  CHECK(rates == std::vector<double>{0.01, 0.01, 0.005, 0.005});
}

TEST_CASE("trainer: it validates every so many updates and at the last update") {
  const auto data = reverse_data(12, 2, 5);
  auto options = toy_options();
  options.epochs = 100;
  options.validate_every = 2;
  options.max_updates = 7;
  Process process(data, options, {});
  const Outcome outcome = process.trainer->run();
  CHECK(outcome.stopped == Stopped::updates);
  CHECK(outcome.state.updates == 7);
  std::vector<Index> updates;
  std::vector<Index> epochs;
  for (const auto& record : process.history) {
    updates.push_back(record.update);
    epochs.push_back(record.epoch);
  }
  CHECK(updates == std::vector<Index>{2, 4, 6, 7});
  CHECK(epochs == std::vector<Index>{1, 2, 2, 3});
}

TEST_CASE("trainer: progress is reported after each update") {
  const auto data = reverse_data(10, 2, 5);
  std::vector<Progress> all;
  Hooks hooks;
  hooks.progress = [&](const Progress& now) { all.push_back(now); };
  Process process(data, toy_options(), {}, hooks);
  process.trainer->run();
  REQUIRE(all.size() == 6);
  CHECK(all[0].epoch == 1);
  CHECK(all[5].epoch == 2);
  CHECK(all[5].epochs == 2);
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].update == static_cast<Index>(i) + 1);
    CHECK(all[i].updates == 6);
    CHECK(all[i].loss > 0);
    CHECK(all[i].tokens_per_second > 0);
  }
  CHECK(all[0].seconds_left > 0);
  CHECK(all[5].seconds_left == 0);
}

TEST_CASE("trainer: the loss is divided by sentences or by words") {
  // One step of gradient descent with the same batch: the ratio of the steps is that of the divisors.
  const auto data = reverse_data(4, 3, 3);
  const auto moved = [&](Normalise normalise) {
    auto options = toy_options();
    options.optimizer.name = "sgd";
    options.clip_norm = 0;
    options.max_updates = 1;
    options.normalise = normalise;
    Process process(data, options, {});
    const double before = process.model.params().find("output/b")->value().at(5);
    process.trainer->run();
    return process.model.params().find("output/b")->value().at(5) - before;
  };
  CHECK(moved(Normalise::sentence) == Approx(4 * moved(Normalise::token)).epsilon(1e-4));  // 16 words, 4 sentences
}

TEST_CASE("trainer: the parameters of attention's score have their own rate") {
  const auto data = reverse_data(10, 2, 5);
  auto options = toy_options();
  options.attention_rate = 0;
  options.max_updates = 2;
  Process process(data, options, {});
  const nn::ParamStore& params = process.model.params();
  std::vector<std::vector<double>> before;
  for (const nn::Param& param : params.all()) before.push_back(numbers(param.value()));
  process.trainer->run();
  Index frozen = 0;
  for (std::size_t i = 0; i < params.all().size(); ++i) {
    const nn::Param& param = params.all()[i];
    INFO(param.name());
    const bool same = numbers(param.value()) == before[i];
    CHECK(same == (param.name() == "decoder/attention/W_a"));
    frozen += same ? 1 : 0;
  }
  CHECK(frozen == 1);
}

TEST_CASE("trainer: by default a wide matrix of attention learns more slowly than the rest") {
  const auto data = reverse_data(10, 2, 5);
  const models::ModelOptions wide = toy_model("general", 2 * static_cast<Index>(kAttentionInputs));
  const Process process(data, toy_options(), {}, {}, DType::f32, {}, wide);
  for (const nn::Param& param : process.model.params().all()) {
    INFO(param.name());
    CHECK(param.rate() == (param.name() == "decoder/attention/W_a" ? 0.5 : 1));
  }
}

TEST_CASE("trainer: clipping limits the step") {
  const auto data = reverse_data(4, 3, 3);
  auto options = toy_options();
  options.optimizer.name = "sgd";
  options.learning_rate = 1;
  options.max_updates = 1;
  options.clip_norm = 1e-3;
  Process process(data, options, {});
  std::vector<std::vector<double>> before;
  for (const nn::Param& param : process.model.params().all()) before.push_back(numbers(param.value()));
  process.trainer->run();
  double squares = 0;
  std::size_t index = 0;
  for (const nn::Param& param : process.model.params().all()) {
    const auto after = numbers(param.value());
    for (std::size_t i = 0; i < after.size(); ++i) squares += std::pow(after[i] - before[index][i], 2);
    ++index;
  }
  CHECK(std::sqrt(squares) == Approx(1e-3).epsilon(1e-3));
  CHECK(process.history[0].gradient_norm > 0.1);
}

}  // namespace regard::training
