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

// Of this process, in mebibytes: "RssAnon" (its own, without what is free again) or "RssFile" (of files that it
// looks at).
double mebibytes(const std::string& what) {
  ::malloc_trim(0);
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(what + ":")) return std::stod(line.substr(what.size() + 1)) / 1024;
  }
  return 0;
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
  const double before = mebibytes("RssAnon");
  const Prepared prepared = prepare(many(kPairs), others, {}, nullptr, folder.path());
  CHECK(prepared.train.size() == kPairs);
  CHECK(mebibytes("RssAnon") - before < kIds / 4);
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
  const double ours = mebibytes("RssAnon");
  const double files = mebibytes("RssFile");
  TrainingEpoch epoch(dataset, {.sentences = 64, .window = kPairs / kWindows}, 1, 0);
  Batch batch;
  for (Index b = 0; b < epoch.size() / kWindows; ++b) epoch.fill(epoch[b], batch);
  CHECK(mebibytes("RssFile") - files > kIds / kWindows / 2);
  CHECK(epoch[epoch.size() - 1].size() > 0);  // another window: its order is made from lengths alone
  CHECK(mebibytes("RssFile") - files < kIds / kWindows / 2);
  CHECK(mebibytes("RssAnon") - ours < kIds / 4);
}

}  // namespace regard::data

#endif
