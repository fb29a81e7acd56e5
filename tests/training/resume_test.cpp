// A training that resumes from a checkpoint does the same as one that did not stop there.
#include <algorithm>
#include <cmath>
#include <optional>

#include "framework/base/files.h"
#include "framework/training/checkpoint.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/training/process.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

}  // namespace

TEST_CASE("resume: a resumed training has the same bits as an uninterrupted one") {
  const auto data = reverse_data(22, 2, 6);
  const test::TempFolder straight_folder;
  Process straight(data, toy_options(), straight_folder.path());
  straight.trainer->run();
  const std::string expected = bytes_of(straight.model.params());
  const std::string expected_last = read_file(straight_folder / kLast);
  const std::string expected_best = read_file(straight_folder / kBest);

  for (Index stop = 1; stop <= 12; ++stop) {
    INFO("stopped after update " << stop);
    const test::TempFolder folder;
    std::vector<HistoryEntry> history;
    {
      const Threads threads(1);
      Process first(data, toy_options(), folder.path());
      first.hooks.stop = [&] { return first.trainer->state().updates >= stop; };
      first.trainer = std::make_unique<Trainer>(first.model, data, toy_options(), 3, folder.path(), first.hooks);
      CHECK(first.trainer->run().stopped == (stop < 12 ? Stopped::interrupted : Stopped::epochs));
      history = first.history;
    }
    const Threads threads(3);
    Process second(data, toy_options(), folder.path());
    for (const nn::Param& param : second.model.params().all()) nn::ones({}, param.value());
    second.trainer->resume(folder / kLast);
    CHECK(second.trainer->run().stopped == Stopped::epochs);
    CHECK((bytes_of(second.model.params()) == expected));
    CHECK((read_file(folder / kLast) == expected_last));
    CHECK((read_file(folder / kBest) == expected_best));
    history.insert(history.end(), second.history.begin(), second.history.end());
    REQUIRE(history.size() == straight.history.size());
    for (std::size_t i = 0; i < history.size(); ++i) {
      CHECK(history[i].update == straight.history[i].update);
      CHECK(history[i].train_loss == straight.history[i].train_loss);
      CHECK(history[i].gradient_norm == straight.history[i].gradient_norm);
      CHECK(history[i].valid_loss == straight.history[i].valid_loss);
      CHECK(history[i].best == straight.history[i].best);
    }
  }
}

TEST_CASE("resume: the same holds with averages and added batches and sampled words and guided attention") {
  const auto data = reverse_data(22, 2, 6);
  std::vector<data::Alignment> alignments;
  for (Index pair = 0; pair < data.size(); ++pair) alignments.push_back({{.source = 1, .target = 0}});
  for (const auto kind : {AveragingOptions::Kind::ema, AveragingOptions::Kind::checkpoints}) {
    auto options = toy_options();
    options.epochs = 4;
    options.accumulate = 2;
    options.averaging = {.kind = kind, .decay = 0.8, .count = 3};
    options.scheduled_sampling = {.decay = ScheduledSampling::Decay::linear, .updates = 10, .floor = 0.3};
    options.guided_alignment = 0.5;
    options.optimizer.name = "adadelta";
    options.schedule.name = "inverse_sqrt";
    options.validate_every = 2;
    const test::TempFolder straight_folder;
    Process straight(data, options, straight_folder.path(), {}, DType::f32, alignments);
    CHECK(straight.trainer->run().state.updates == 12);
    for (const Index stop : {1, 4, 5, 7, 11}) {
      INFO("stopped after update " << stop);
      const test::TempFolder folder;
      Hooks hooks;
      hooks.stop = [&, asked = Index{0}]() mutable { return ++asked == stop; };
      Process first(data, options, folder.path(), hooks, DType::f32, alignments);
      CHECK(first.trainer->run().stopped == Stopped::interrupted);
      Process second(data, options, folder.path(), {}, DType::f32, alignments);
      second.trainer->resume(folder / kLast);
      second.trainer->run();
      CHECK((read_file(folder / kLast) == read_file(straight_folder / kLast)));
      CHECK((read_file(folder / kBest) == read_file(straight_folder / kBest)));
    }
  }
}

TEST_CASE("resume: one epoch and another equal two epochs") {
  const auto data = reverse_data(12, 2, 6);
  for (const char* optimizer : {"adam", "sgd"}) {
    auto options = toy_options();
    options.optimizer.name = optimizer;
    Process straight(data, options, {});
    straight.trainer->run();
    const test::TempFolder folder;
    auto shorter = options;
    shorter.epochs = 1;
    Process first(data, shorter, folder.path());
    CHECK(first.trainer->run().stopped == Stopped::epochs);
    Process second(data, options, folder.path());
    second.trainer->resume(folder / kLast);
    second.trainer->run();
    CHECK((bytes_of(second.model.params()) == bytes_of(straight.model.params())));
  }
}

TEST_CASE("resume: a longer training after an end between two validations equals an uninterrupted one") {
  const auto data = reverse_data(12, 2, 6);  // three updates an epoch
  auto options = toy_options();
  options.validate_every = 4;
  options.keep_checkpoints = 2;
  auto longer = options;
  longer.epochs = 4;
  // The extra validation at update 6 may be the best so far, the second best, or the first of all.
  struct Case {
    Index every;
    std::vector<double> losses;
  };
  for (const Case& c : {Case{4, {3, 1, 2, 2}}, Case{4, {1, 3, 2, 2}}, Case{7, {3, 2, 1}}}) {
    INFO("validations every " << c.every << " with first loss " << c.losses[0]);
    options.validate_every = longer.validate_every = c.every;
    // Losses by update, so that both trainings have the same loss at the same update.
    const auto by_update = [&c](Process*& process) {
      return [&c, &process](const models::Seq2Seq&) {
        const Index update = process->trainer->state().updates;
        const double loss =
            update % c.every == 0 ? c.losses[static_cast<std::size_t>(update / c.every) % 2 * 2] : c.losses[1];
        return Validation{loss, {}};
      };
    };
    Process* now = nullptr;
    Hooks hooks;
    hooks.validate = by_update(now);
    const test::TempFolder whole_folder;
    Process whole(data, longer, whole_folder.path(), hooks);
    now = &whole;
    whole.trainer->run();

    const test::TempFolder folder;
    Process first(data, options, folder.path(), hooks);
    now = &first;
    CHECK(first.trainer->run().state.updates == 6);
    CHECK(first.history.back().update == 6);
    Process second(data, longer, folder.path(), hooks);
    now = &second;
    second.trainer->resume(folder / kLast);
    CHECK(second.trainer->state().before_extra.empty());
    second.trainer->run();
    CHECK(second.trainer->state() == whole.trainer->state());
    for (const auto& entry : std::filesystem::directory_iterator(whole_folder.path())) {
      INFO(entry.path().filename().string());
      CHECK((read_file(entry.path()) == read_file(folder / entry.path().filename().string())));
    }
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      CHECK(std::filesystem::exists(whole_folder / entry.path().filename().string()));
    }
  }
}

TEST_CASE("resume: a finished training keeps its extra validation") {
  const auto data = reverse_data(12, 2, 6);
  auto options = toy_options();
  options.validate_every = 4;
  const test::TempFolder folder;
  Process first(data, options, folder.path());
  first.trainer->run();
  const std::string last = read_file(folder / kLast);
  const std::string best = read_file(folder / kBest);
  Process again(data, options, folder.path());
  again.trainer->resume(folder / kLast);
  CHECK(again.trainer->run().state.validations == 2);
  CHECK((read_file(folder / kLast) == last));
  CHECK((read_file(folder / kBest) == best));
}

TEST_CASE("resume: the checkpoints of the last validations are kept and older ones are removed") {
  const auto data = reverse_data(12, 2, 6);
  auto options = toy_options();
  options.validate_every = 1;
  options.keep_checkpoints = 3;
  const auto kept = [](const test::TempFolder& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  };
  const std::vector<std::string> expected{kBest, kLast, checkpoint_name(4), checkpoint_name(5),
                                          checkpoint_name(6)};
  const test::TempFolder folder;
  Process process(data, options, folder.path());
  process.trainer->run();
  CHECK(kept(folder) == expected);
  CHECK((read_file(folder / checkpoint_name(6)) == read_file(folder / kLast)));
  Process other(data, options, {});
  CHECK(load_training(folder / checkpoint_name(5), other.model.params(),
                      *make_optimizer(options.optimizer, other.model.params()),
                      Identity{.seed = 3,
                               .data_seed = 3,
                               .optimizer = "adam",
                               .batch_tokens = 0,
                               .batch_sentences = 4,
                               .pairs = 12,
                               .target_tokens = data.target.tokens(),
                               .best_by = "loss"})
            .updates == 5);
  // A kill between the last checkpoint and its second name.
  std::filesystem::remove(folder / checkpoint_name(6));
  Process again(data, options, folder.path());
  again.trainer->resume(folder / kLast);
  CHECK(kept(folder) == expected);
}

TEST_CASE("resume: a finished training returns at once") {
  const auto data = reverse_data(8, 2, 5);
  const test::TempFolder folder;
  Process first(data, toy_options(), folder.path());
  first.trainer->run();
  Process again(data, toy_options(), folder.path());
  again.trainer->resume(folder / kLast);
  CHECK(again.trainer->run().stopped == Stopped::epochs);
  CHECK(again.validations == 0);
  CHECK((bytes_of(again.model.params()) == bytes_of(first.model.params())));
}

TEST_CASE("resume: results have the same bytes for any number of threads") {
  // Wide enough that every kernel divides its work among threads.
  const auto data = reverse_data(48, 3, 16);
  for (const char* attention : {"none", "general"}) {
    std::string expected;
    for (const int count : {1, 2, 3, 4}) {
      INFO(attention << " with " << count << " threads");
      const Threads threads(count);
      auto wide = toy_model(attention, 128);
      wide.dropout = {.embedding = 0.2, .layers = 0, .readout = 0.2};
      models::Seq2Seq model(wide, kToyVocabulary, 2000, 3);
      auto options = toy_options();
      options.batch.sentences = 24;
      options.epochs = 1;
      Hooks hooks;
      hooks.validate = scripted({1});
      Trainer(model, data, options, 3, {}, hooks).run();
      const std::string bytes = bytes_of(model.params());
      if (expected.empty()) expected = bytes;
      CHECK((bytes == expected));
    }
  }
}

TEST_CASE("resume: a damaged checkpoint is named and the one before it is used") {
  const auto data = reverse_data(12, 2, 6);
  auto options = toy_options();
  options.epochs = 3;
  Process straight(data, options, {});
  straight.trainer->run();

  const test::TempFolder folder;
  Process first(data, options, folder.path());
  first.hooks.stop = [&] { return first.trainer->state().updates == 8; };
  first.trainer = std::make_unique<Trainer>(first.model, data, options, 3, folder.path(), first.hooks);
  first.trainer->run();
  CHECK(std::filesystem::exists(folder / kPrevious));
  std::string bytes = read_file(folder / kLast);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
  write_file(folder / kLast, bytes);

  std::string warning;
  Hooks hooks;
  hooks.warn = [&](const std::string& text) { warning = text; };
  Process second(data, options, folder.path(), hooks);
  second.trainer->resume(folder / kLast);
  CHECK(warning == fmt::format("{}: is damaged: its content does not have the checksum in its metadata; training "
                               "resumes from {}",
                               (folder / kLast).string(), (folder / kPrevious).string()));
  CHECK(second.trainer->state().updates == 6);
  second.trainer->run();
  CHECK((bytes_of(second.model.params()) == bytes_of(straight.model.params())));
  CHECK_FALSE(std::filesystem::exists(folder / kPrevious));

  write_file(folder / kLast, "no");
  Process third(data, options, folder.path());
  CHECK_THROWS_WITH(third.trainer->resume(folder / kLast),
                    (folder / kLast).string() +
                        ": is not a safetensors file or is truncated: it has 2 bytes, but the length "
                        "of the header needs 8");
}

TEST_CASE("resume: a training that dies at any point of its loop ends like an uninterrupted one") {
  // A throw from a hook leaves the same files as a kill. The hook `validated` runs between writing the best
  // checkpoint and the last one.
  struct Killed {};
  const auto data = reverse_data(12, 2, 6);
  auto options = toy_options();
  options.epochs = 3;
  options.patience = 2;
  const test::TempFolder straight_folder;
  Process straight(data, options, straight_folder.path());
  straight.trainer->run();

  for (Index seed = 0; seed < 8; ++seed) {
    INFO("deaths of key " << seed);
    const Key key(static_cast<std::uint64_t>(seed), "deaths");
    const test::TempFolder folder;
    Index attempt = 0;
    std::optional<Process> process;
    for (bool alive = false; !alive; ++attempt) {
      Index moment = 0;
      const Index death = attempt < 4 ? 1 + key.below(14, attempt) : 0;
      const auto may_die = [&] {
        if (++moment == death) throw Killed();
      };
      Hooks hooks;
      hooks.progress = [&](const Progress&) { may_die(); };
      process.emplace(data, options, folder.path(), hooks);
      process->on_validated = may_die;
      if (std::filesystem::exists(folder / kLast)) process->trainer->resume(folder / kLast);
      try {
        process->trainer->run();
        alive = true;
      } catch (const Killed&) {
      }
    }
    CHECK((bytes_of(process->model.params()) == bytes_of(straight.model.params())));
    CHECK((read_file(folder / kLast) == read_file(straight_folder / kLast)));
    CHECK((read_file(folder / kBest) == read_file(straight_folder / kBest)));
    CHECK_FALSE(std::filesystem::exists(folder / kPrevious));
  }
}

}  // namespace regard::training
