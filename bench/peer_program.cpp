// regard's side of a comparison with another program (tools/peers). It writes the batches and parameters that both
// programs use. Then it reads commands from standard input and answers each with one line of JSON, so that
// take_turns.py can run the two programs in turn.
//
//   regard_peer export FOLDER SYSTEM BATCHES UPDATES
//       batches.txt          the first BATCHES batches of a training: lines "batch<TAB>source ids<TAB>target ids"
//       test.txt             lines "source ids", in the test set's order
//       sizes.txt            source and target vocabulary, embedding, hidden
//       initial.safetensors  the parameters at the start of training
//       trained.safetensors  the parameters after UPDATES updates, for decoding
//   regard_peer serve FOLDER SYSTEM PRECISION
//       losses N   {"losses": […]}    of N steps from the initial parameters, without dropout
//       train N    {"seconds": […], "tokens": […], "flops": […]}    of N steps, with dropout
//       decode K   {"seconds": s, "sentences": n}    beam K; writes ids to FOLDER/regard.PRECISION.K.txt
//       memory     {"peak_mb": m}    of this process so far
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <iostream>
#include <string>

#include "bench/peak.h"
#include "bench/training_run.h"
#include "bench/workload.h"
#include "framework/base/errors.h"
#include "framework/decoding/search.h"
#include "framework/training/checkpoint.h"

namespace regard::bench {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr Index kLongest = 50;  // the most words of a translation, in both programs

models::ModelOptions without_dropout(models::ModelOptions options) {
  options.dropout = {};
  return options;
}

models::Seq2Seq make_model(const models::ModelOptions& options) {
  return models::Seq2Seq(options, workload().source_vocabulary, workload().target_vocabulary, kSeed);
}

void export_to(const std::filesystem::path& folder, const System& system, Index batches, Index updates) {
  const Workload& work = workload();
  std::filesystem::create_directories(folder);
  const data::BatchOrder order = data::training_order(work.train, training_options().batch, kSeed, 0);
  std::ofstream pairs(folder / "batches.txt");
  for (Index b = 0; b < std::min(batches, order.size()); ++b) {
    for (const Index i : order[b]) {
      pairs << fmt::format("{}\t{}\t{}\n", b, fmt::join(work.train.source[i], " "),
                           fmt::join(work.train.target[i], " "));
    }
  }
  std::ofstream test(folder / "test.txt");
  for (Index i = 0; i < work.test.size(); ++i) test << fmt::format("{}\n", fmt::join(work.test.source[i], " "));
  const models::ModelOptions options = model_options(system);
  std::ofstream(folder / "sizes.txt") << fmt::format("{} {} {} {}\n", work.source_vocabulary,
                                                     work.target_vocabulary, options.embedding, options.hidden);
  models::Seq2Seq model = make_model(options);
  training::save_parameters(folder / "initial.safetensors", model.params());
  static_cast<void>(timed_steps(model, work.train, training_options(), updates, kSeed));
  training::save_parameters(folder / "trained.safetensors", model.params());
}

std::string losses(const std::filesystem::path& folder, const models::ModelOptions& options, Index steps) {
  models::Seq2Seq model = make_model(without_dropout(options));
  training::load_parameters(folder / "initial.safetensors", model.params());
  std::vector<double> losses;
  for (const TimedStep& step : timed_steps(model, workload().train, training_options(), steps, kSeed)) {
    losses.push_back(step.loss);
  }
  return fmt::format(R"({{"losses": [{}]}})", fmt::join(losses, ", "));
}

std::string train(const std::filesystem::path& folder, models::Seq2Seq& model, const models::ModelOptions& options,
                  Index steps) {
  training::load_parameters(folder / "initial.safetensors", model.params());
  std::vector<double> seconds, flops;
  std::vector<Index> tokens;
  for (const TimedStep& step : timed_steps(model, workload().train, training_options(), steps, kSeed)) {
    seconds.push_back(step.seconds);
    tokens.push_back(step.tokens.target);
    flops.push_back(necessary_flops(options, workload().target_vocabulary, step.tokens));
  }
  return fmt::format(R"({{"seconds": [{}], "tokens": [{}], "flops": [{}]}})", fmt::join(seconds, ", "),
                     fmt::join(tokens, ", "), fmt::join(flops, ", "));
}

std::string decode(const std::filesystem::path& folder, const std::string& precision, models::Seq2Seq& model,
                   Index beam) {
  training::load_parameters(folder / "trained.safetensors", model.params());
  const decoding::SearchOptions options{.beam = beam, .max_length_factor = 0, .max_length_extra = kLongest};
  const double begin = seconds();
  const auto translations = decoding::translate(model, workload().test, options);
  const double taken = seconds() - begin;
  std::ofstream out(folder / fmt::format("regard.{}.{}.txt", precision, beam));
  for (const auto& translation : translations) out << fmt::format("{}\n", fmt::join(translation.words, " "));
  return fmt::format(R"({{"seconds": {}, "sentences": {}}})", taken, translations.size());
}

void serve(const std::filesystem::path& folder, const models::ModelOptions& options,
           const std::string& precision) {
  models::Seq2Seq model = make_model(options);
  std::string command;
  while (std::cin >> command) {
    Index number = 0;
    if (command != "memory") std::cin >> number;
    if (command == "losses") {
      std::cout << losses(folder, options, number);
    } else if (command == "train") {
      std::cout << train(folder, model, options, number);
    } else if (command == "decode") {
      std::cout << decode(folder, precision, model, number);
    } else if (command == "memory") {
      std::cout << fmt::format(R"({{"peak_mb": {}}})", peak_memory_mb());
    } else {
      throw ConfigError(fmt::format("unknown command '{}'; there are losses, train, decode and memory", command));
    }
    std::cout << std::endl;
  }
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 5 && words[0] == "export") {
    export_to(words[1], system_named(words[2]), std::stol(words[3]), std::stol(words[4]));
  } else if (words.size() == 4 && words[0] == "serve") {
    serve(words[1], model_options(system_named(words[2]), precision_named(words[3])), words[3]);
  } else {
    fmt::print(
        stderr,
        "usage: regard_peer export FOLDER SYSTEM BATCHES UPDATES, or regard_peer serve FOLDER SYSTEM PRECISION\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace regard::bench

int main(int count, char** arguments) {
  try {
    return regard::bench::run({arguments + 1, arguments + count});
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 2;
  }
}
