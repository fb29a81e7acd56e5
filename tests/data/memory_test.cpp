// The memory for preparing and reading a corpus does not grow with the corpus.
#include <malloc.h>

#include <array>
#include <fstream>
#include <string>

#include "framework/base/random.h"
#include "framework/data/epoch.h"
#include "framework/data/prepare.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

#if !defined(__SANITIZE_ADDRESS__)  // the sanitizer keeps freed memory

namespace regard::data {
namespace {

// Returns the memory that this process has allocated by malloc and not freed, in mebibytes. Its pages would not
// do: how many free ones malloc keeps depends on which thread processed which sentences.
double held_mebibytes() {
  const auto all = ::mallinfo2();
  return static_cast<double>(all.uordblks + all.hblkhd) / (1 << 20);
}

// Returns how much of the mapped files is in memory, in mebibytes.
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

// Returns `count` pairs of 40 words a side, created one after the other.
Pairs many(Index count) {
  return [count](const PairCallback& receive) {
    Pair pair;
    for (Index i = 0; i < count; ++i) {
      const Key key = Key(1, "many").with(i);
      for (std::string* side : {&pair.source, &pair.target}) {
        side->clear();
        for (Index word = 0; word < 40; ++word) *side += fmt::format("w{} ", key.below(1000, word));
      }
      receive(pair);
    }
    return Index{0};
  };
}

}  // namespace

TEST_CASE("memory: preparing a corpus into files does not keep it in memory") {
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

// The kernel decides how much of a file it maps around a place that is read, up to the whole file.
TEST_CASE("memory: an epoch over files does not keep them in memory and frees each window") {
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
  CHECK(epoch[epoch.size() - 1].size() > 0);  // another window: its order needs only lengths
  CHECK(file_mebibytes() - files < kIds / kWindows / 2);
  CHECK(held_mebibytes() - ours < kIds / 4);
}

}  // namespace regard::data

#endif
