// What attention gives beside weights in a training: random numbers, losses, watched numbers.
#include "framework/base/files.h"
#include "framework/training/checkpoint.h"
#include "tests/support/catch.h"
#include "tests/support/noted.h"
#include "tests/support/temp_folder.h"
#include "tests/training/process.h"
#include "tests/training/support.h"

namespace regard::training {
namespace {

using namespace regard::testing;

}  // namespace

TEST_CASE("attention: random numbers and losses and watched numbers survive a stop") {
  const auto data = reverse_data(22, 2, 6);
  auto options = toy_options();
  options.epochs = 3;
  options.accumulate = 2;
  options.attention_entropy = 0.1;
  options.attention_coverage = 0.2;
  options.validate_every = 4;
  const auto made = [&](const test::TempFolder& folder, Index stop, int threads) {
    const Threads guard(threads);
    Process process(data, options, folder.path(), {}, DType::f32, {}, toy_model("noted", 8));
    if (stop > 0) process.hooks.stop = [&process, stop] { return process.trainer->state().updates == stop; };
    process.trainer = std::make_unique<Trainer>(process.model, data, options, 3, folder.path(), process.hooks);
    if (std::filesystem::exists(folder / kLast)) process.trainer->resume(folder / kLast);
    process.trainer->run();
    return process.history;
  };
  const test::TempFolder straight_folder;
  const auto straight = made(straight_folder, 0, 1);
  REQUIRE(straight.size() == 3);  // of 9 updates; the last one is that of the end
  CHECK(straight[0].losses.size() == 3);
  CHECK(straight[0].losses.at("attention_entropy") > 0);
  CHECK(straight[0].losses.at("spread") > 0);
  CHECK(straight[0].watched.at("largest") > 0);
  CHECK(straight[0].watched.at("size") != straight[1].watched.at("size"));
  for (const Index stop : {1, 3, 4, 6}) {
    INFO("stopped after update " << stop);
    const test::TempFolder folder;
    auto history = made(folder, stop, 3);
    const auto rest = made(folder, 0, 2);
    history.insert(history.end(), rest.begin(), rest.end());
    CHECK((read_file(folder / kLast) == read_file(straight_folder / kLast)));
    REQUIRE(history.size() == straight.size());
    for (std::size_t i = 0; i < history.size(); ++i) {
      CHECK(history[i].losses == straight[i].losses);
      CHECK(history[i].watched == straight[i].watched);
    }
  }
}

}  // namespace regard::training
