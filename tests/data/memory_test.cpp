// A corpus is prepared and gone through in memory that does not grow with it.
#include <malloc.h>

#include <array>
#include <fstream>
#include <string>

#include "framework/base/random.h"
#include "framework/data/epoch.h"
#include "framework/data/prepare.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

#if !defined(__SANITIZE_ADDRESS__)  // which keeps what was freed

namespace regard::data {
namespace {

// What this process holds of its own, in mebibytes: what was asked of malloc and not given back. Not its pages:
// how many of them malloc keeps that are free again depends on which thread took which sentences.
double held_mebibytes() {
  const auto all = ::mallinfo2();
  return static_cast<double>(all.uordblks + all.hblkhd) / (1 << 20);
}

// How much of the files that it looks at is in memory, in mebibytes; on a disk or in a file system that is memory.
double file_mebibytes() {
  double sum = 0;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssFile:") || line.starts_with("RssShmem:")) {
      sum += std::stod(line.substr(line.find(':') + 1)) / 1024;
    }
  }
  return sum;
}

// `count` pairs of 40 words a side, made as they are asked for.
Pairs many(Index count) {
  return [count](const TakePair& take) {
    Pair pair;
    for (Index i = 0; i < count; ++i) {
      const Key key = Key(1, "many").with(i);
      for (std::string* side : {&pair.source, &pair.target}) {
        side->clear();
        for (Index word = 0; word < 40; ++word) *side += fmt::format("w{} ", key.below(1000, word));
      }
      take(pair);
    }
    return Index{0};
  };
}

}  // namespace

TEST_CASE("memory: preparing holds no corpus that goes to files") {
  constexpr Index kPairs = 80000;
  constexpr double kIds = 2.0 * 40 * sizeof(TokenId) * kPairs / (1 << 20);  // 24 MiB
  const test::TempFolder folder;
  Splits others;
  others.valid.source = others.valid.target = {"w1"};
  const double before = held_mebibytes();
  const Prepared prepared = prepare(many(kPairs), others, {}, nullptr, folder.path());
  CHECK(prepared.train.size() == kPairs);
  CHECK(held_mebibytes() - before < kIds / 4);
}

// How much of a file the kernel maps around a place that is looked at is its own affair: up to all of it.
TEST_CASE("memory: an epoch holds no corpus that is in files and lets go of each window") {
  constexpr Index kPairs = 100000;
  constexpr Index kWords = 80;
  constexpr Index kWindows = 10;
  constexpr double kIds = 2.0 * kWords * sizeof(TokenId) * kPairs / (1 << 20);  // 61 MiB
  const test::TempFolder folder;
  Dataset dataset;
  const std::vector<TokenId> sentence(kWords, 4);
  for (Sentences* side : {&dataset.source, &dataset.target}) {
    SentencesWriter writer(folder / (side == &dataset.source ? "source" : "target"), false);
    for (Index i = 0; i < kPairs; ++i) writer.add(sentence);
    *side = writer.done();
  }
  dataset.forget();
  const double ours = held_mebibytes();
  const double files = file_mebibytes();
  TrainingEpoch epoch(dataset, {.sentences = 64, .window = kPairs / kWindows}, 1, 0);
  Batch batch;
  for (Index b = 0; b < epoch.size() / kWindows; ++b) epoch.fill(epoch[b], batch);
  CHECK(file_mebibytes() - files > kIds / kWindows / 2);
  CHECK(epoch[epoch.size() - 1].size() > 0);  // another window: its order is made from lengths alone
  CHECK(file_mebibytes() - files < kIds / kWindows / 2);
  CHECK(held_mebibytes() - ours < kIds / 4);
}

}  // namespace regard::data

#endif
