// The order of a training whose corpus is read window by window, and sampled encodings.
#include "framework/data/epoch.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/support/toy.h"

namespace regard::data {
namespace {

constexpr Index kPairs = 3000;
constexpr Index kSmallWindow = 600;
const BatchSize kSize{.sentences = 8, .window = kSmallWindow};

const Dataset& toy() {
  static const Dataset dataset = testing::reverse_data(kPairs, 1, 12);
  return dataset;
}

// Returns the same sentences with three encodings each: the row, its first half, the row twice.
Sentences with_choices(const Sentences& from, const std::filesystem::path& stem) {
  SentencesWriter writer(stem, true);
  for (Index i = 0; i < from.size(); ++i) {
    std::vector<TokenId> ids(from[i].begin(), from[i].end());
    writer.add(ids);
    writer.add(std::span<const TokenId>(ids).first(ids.size() / 2));
    const std::vector<TokenId> once = ids;
    ids.insert(ids.end(), once.begin(), once.end());
    writer.add(ids);
    writer.end_sentence(std::vector<float>{0.5F, 0.75F, 1});
  }
  return writer.done();
}

}  // namespace

TEST_CASE("epoch: windows have every pair once and differ from epoch to epoch") {
  for (const Index window : {Index{1}, Index{7}, Index{256}, kSmallWindow, kPairs - 1, kPairs, kPairs + 1}) {
    const BatchOrder order = training_order(toy(), {.sentences = 8, .window = window}, 1, 0);
    CHECK(static_cast<Index>(std::set<Index>(order.sentences.begin(), order.sentences.end()).size()) == kPairs);
    CHECK(static_cast<Index>(order.sentences.size()) == kPairs);
  }
  CHECK(training_order(toy(), kSize, 1, 0).sentences == training_order(toy(), kSize, 1, 0).sentences);
  CHECK(training_order(toy(), kSize, 1, 0).sentences != training_order(toy(), kSize, 1, 1).sentences);
  CHECK(training_order(toy(), kSize, 1, 0).sentences != training_order(toy(), kSize, 2, 0).sentences);
}

TEST_CASE("epoch: a corpus of one window has the same order as without windows") {
  const BatchOrder one = training_order(toy(), {.sentences = 8, .window = kPairs}, 1, 3);
  CHECK(one.sentences == training_order(toy(), {.sentences = 8}, 1, 3).sentences);
  CHECK(one.sentences != training_order(toy(), kSize, 1, 3).sentences);
}

TEST_CASE("epoch: a window has pairs from the whole corpus and sorted by length") {
  TrainingEpoch epoch(toy(), kSize, 1, 0);
  Index padding = 0;
  std::set<Index> quarters;
  for (Index b = 0; b < kSmallWindow / 8; ++b) {
    Index longest = 0, tokens = 0;
    for (const Index pair : epoch[b]) {
      quarters.insert(pair * 4 / kPairs);
      longest = std::max(longest, epoch.target_length(pair));
      tokens += epoch.target_length(pair);
    }
    padding += longest * static_cast<Index>(epoch[b].size()) - tokens;
  }
  CHECK(quarters.size() == 4);
  CHECK(padding < kSmallWindow / 5);
}

TEST_CASE("epoch: batches can be filled in any order") {
  TrainingEpoch forward(toy(), kSize, 1, 0);
  TrainingEpoch backward(toy(), kSize, 1, 0);
  std::map<Index, std::vector<Index>> seen;
  for (Index b = 0; b < forward.size(); ++b) seen[b].assign(forward[b].begin(), forward[b].end());
  for (Index b = backward.size(); b-- > 0;) {
    CHECK(std::equal(seen[b].begin(), seen[b].end(), backward[b].begin(), backward[b].end()));
  }
}

TEST_CASE("epoch: a sampled encoding depends on its weights and only on seed and epoch and place") {
  const test::TempFolder folder;
  for (const auto& stem : {std::filesystem::path(), folder / "side"}) {  // in memory, and in files
    Dataset dataset{.source = with_choices(toy().source, stem), .target = toy().target, .lines = toy().lines};
    CHECK(dataset.source.size() == kPairs);
    CHECK(dataset.source.tokens() == toy().source.tokens());
    if (!stem.empty()) CHECK(Sentences(stem).tokens() == toy().source.tokens());
    std::array<Index, 3> drawn{};
    const TrainingEpoch first(dataset, kSize, 1, 0);
    const TrainingEpoch again(dataset, kSize, 1, 0);
    const TrainingEpoch next(dataset, kSize, 1, 1);
    const TrainingEpoch other_seed(dataset, kSize, 2, 0);
    Index same = 0, differs_next = 0, differs_seed = 0;
    for (Index i = 0; i < kPairs; ++i) {
      const Index n = dataset.source.length(i);
      if (n < 2) continue;
      ++drawn[first.source_length(i) == n ? 0 : first.source_length(i) == 2 * n ? 2 : 1];
      same += first.source_length(i) != again.source_length(i) ? 1 : 0;
      differs_next += first.source_length(i) != next.source_length(i) ? 1 : 0;
      differs_seed += first.source_length(i) != other_seed.source_length(i) ? 1 : 0;
    }
    const double all = static_cast<double>(drawn[0] + drawn[1] + drawn[2]);
    CHECK(static_cast<double>(drawn[0]) / all == Approx(0.5).margin(0.04));
    CHECK(static_cast<double>(drawn[1]) / all == Approx(0.25).margin(0.04));
    CHECK(same == 0);
    CHECK(differs_next > kPairs / 3);
    CHECK(differs_seed > kPairs / 3);
    // A batch has the sampled encodings, and memory was reserved for them.
    TrainingEpoch epoch(dataset, kSize, 1, 0);
    Batch batch;
    epoch.reserve(batch);
    epoch.fill(epoch[0], batch);
    for (Index b = 0; b < batch.B; ++b) {
      CHECK(batch.source_lengths[static_cast<std::size_t>(b)] ==
            epoch.source_length(batch.sentences[static_cast<std::size_t>(b)]) + 1);
    }
    // Otherwise a sentence has its best encoding.
    fill(dataset, std::vector<Index>{5}, batch);
    CHECK(batch.source_lengths[0] == toy().source.length(5) + 1);
  }
}

}  // namespace regard::data
