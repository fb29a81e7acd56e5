// A corpus is prepared and gone through in memory that does not grow with it.
#include <array>
#include <fstream>
#include <string>

#include "framework/base/random.h"
#include "framework/data/epoch.h"
#include "framework/data/prepare.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace regard::data {
namespace {

// Of this process, in mebibytes: "RssAnon" (its own) or "RssFile" (of files that it looks at).
double mebibytes(const std::string& what) {
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

TEST_CASE("memory: neither preparing nor an epoch holds a corpus that is in files") {
  constexpr Index kPairs = 60000;
  constexpr double kIds = 2.0 * 40 * 4 * kPairs / (1 << 20);  // 18 MiB, in which a text of twice that ends
  const test::TempFolder folder;
  Splits others;
  others.valid.source = others.valid.target = {"w1"};
  (void)prepare(many(10000), others, {}, nullptr, folder.path());  // what the allocator keeps for good
  const double before = mebibytes("RssAnon");
  const Prepared prepared = prepare(many(kPairs), others, {}, nullptr, folder.path());
  CHECK(prepared.train.size() == kPairs);
  CHECK(mebibytes("RssAnon") - before < kIds / 4);

  const BatchSize size{.sentences = 64, .window = 2048};
  prepared.train.forget();
  const double files_before = mebibytes("RssFile");
  TrainingEpoch epoch(prepared.train, size, 1, 0);
  Batch batch;
  double most = 0;
  for (Index b = 0; b < epoch.size(); ++b) {
    epoch.fill(epoch[b], batch);
    if (b % 16 == 0) most = std::max(most, mebibytes("RssFile") - files_before);
  }
  CHECK(most < kIds / 2);
  CHECK(mebibytes("RssAnon") - before < kIds / 2);
}

}  // namespace regard::data
