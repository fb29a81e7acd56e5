#include "framework/data/epoch.h"

#include <algorithm>
#include <numeric>

#include "framework/base/errors.h"
#include "framework/base/parallel.h"
#include "framework/base/random.h"
#include "tests/support/catch.h"

namespace regard::data {
namespace {

// Returns `count` pairs of 0 to 24 tokens a side; every id is at least 4 and depends on the pair and the place.
Dataset random_dataset(Index count) {
  Dataset dataset;
  const Key key(3, "batch test");
  for (Index i = 0; i < count; ++i) {
    for (Sentences* side : {&dataset.source, &dataset.target}) {
      std::vector<TokenId> ids(static_cast<std::size_t>(key.with(i).below(25, side == &dataset.source ? 0 : 1)));
      std::iota(ids.begin(), ids.end(), static_cast<TokenId>(4 + 100 * i));
      side->add(ids);
    }
    dataset.lines.push_back(i);
  }
  return dataset;
}

std::vector<Index> numbers(Index count) {
  std::vector<Index> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), Index{0});
  return all;
}

std::vector<Index> sorted(std::vector<Index> values) {
  std::sort(values.begin(), values.end());
  return values;
}

Index padded_target_tokens(const Dataset& dataset, std::span<const Index> batch) {
  Index longest = 0;
  for (const Index i : batch) longest = std::max(longest, dataset.target.length(i) + 1);
  return longest * static_cast<Index>(batch.size());
}

}  // namespace

TEST_CASE("batch: rows are padded and begin and end with the special tokens") {
  Dataset dataset;
  dataset.source.add(std::vector<TokenId>{10, 11, 12});
  dataset.source.add(std::vector<TokenId>{20});
  dataset.source.add({});
  dataset.target.add(std::vector<TokenId>{30, 31});
  dataset.target.add({});
  dataset.target.add(std::vector<TokenId>{50, 51, 52});
  Batch batch;
  fill(dataset, std::vector<Index>{1, 0}, batch);
  CHECK(batch.B == 2);
  CHECK(batch.S == 4);
  CHECK(batch.T == 3);
  CHECK(batch.source == std::vector<Index>{20, kEos, kPad, kPad, 10, 11, 12, kEos});
  CHECK(batch.source_lengths == std::vector<Index>{2, 4});
  CHECK(batch.target_in == std::vector<Index>{kBos, kPad, kPad, kBos, 30, 31});
  CHECK(batch.target_out == std::vector<Index>{kEos, kPad, kPad, 30, 31, kEos});
  CHECK(batch.target_lengths == std::vector<Index>{1, 3});
  CHECK(batch.sentences == std::vector<Index>{1, 0});
  CHECK(batch.target_tokens == 4);

  fill(dataset, std::vector<Index>{2}, batch);
  CHECK(batch.source == std::vector<Index>{kEos});
  CHECK(batch.source_lengths == std::vector<Index>{1});
  CHECK(batch.target_in == std::vector<Index>{kBos, 50, 51, 52});
  CHECK(batch.target_tokens == 4);
}

TEST_CASE("batch: every pair is used once an epoch within the limit") {
  const Dataset dataset = random_dataset(9001);
  for (const BatchSize size : {BatchSize{.tokens = 512}, BatchSize{.sentences = 64}}) {
    for (const BatchOrder& order : {training_order(dataset, size, 1, 0), evaluation_order(dataset, size)}) {
      CHECK(sorted(order.sentences) == numbers(dataset.size()));
      bool within = true;
      for (Index b = 0; b < order.size(); ++b) {
        within = within && !order[b].empty();
        within = within && (size.tokens > 0 ? padded_target_tokens(dataset, order[b]) <= size.tokens
                                            : order[b].size() <= 64);
      }
      CHECK(within);
    }
  }
}

TEST_CASE("batch: a sentence over the token limit is a batch of its own") {
  Dataset dataset;
  for (const Index length : {3, 30, 2, 30}) {
    dataset.source.add(std::vector<TokenId>(3, 4));
    dataset.target.add(std::vector<TokenId>(static_cast<std::size_t>(length), 4));
  }
  const BatchOrder order = evaluation_order(dataset, {.tokens = 8});
  CHECK(order.sentences == std::vector<Index>{1, 3, 0, 2});
  CHECK(order.begins == std::vector<Index>{0, 1, 2, 4});
}

TEST_CASE("batch: a batch is full if the next sentence would not fit") {
  Dataset dataset;
  for (int i = 0; i < 10; ++i) {
    dataset.source.add(std::vector<TokenId>(3, 4));
    dataset.target.add(std::vector<TokenId>(3, 4));
  }
  CHECK(evaluation_order(dataset, {.tokens = 16}).begins == std::vector<Index>{0, 4, 8, 10});
  CHECK(evaluation_order(dataset, {.sentences = 4}).begins == std::vector<Index>{0, 4, 8, 10});
}

TEST_CASE("batch: the order depends only on seed and epoch") {
  const Dataset dataset = random_dataset(5000);
  const BatchSize size{.tokens = 512};
  const int before = threads();
  const BatchOrder first = training_order(dataset, size, 1, 3);
  (void)training_order(dataset, size, 1, 0);
  set_threads(before == 1 ? 2 : 1);
  const BatchOrder again = training_order(dataset, size, 1, 3);
  set_threads(before);
  CHECK(again.sentences == first.sentences);
  CHECK(again.begins == first.begins);
  CHECK(training_order(dataset, size, 1, 4).sentences != first.sentences);
  CHECK(training_order(dataset, size, 2, 3).sentences != first.sentences);
}

TEST_CASE("batch: neighbours change from epoch to epoch") {
  const Dataset dataset = random_dataset(5000);
  const auto partners_of_0 = [&](Index epoch) {
    const BatchOrder order = training_order(dataset, {.sentences = 32}, 1, epoch);
    for (Index b = 0; b < order.size(); ++b) {
      if (std::count(order[b].begin(), order[b].end(), 0) > 0) {
        return sorted(std::vector<Index>(order[b].begin(), order[b].end()));
      }
    }
    return std::vector<Index>{};
  };
  CHECK(partners_of_0(0) != partners_of_0(1));
}

TEST_CASE("batch: bucketing keeps padding low and even lower if the decoder needs it") {
  const Dataset dataset = random_dataset(9000);
  const BatchOrder order = training_order(dataset, {.sentences = 32}, 1, 0);
  Batch batch;
  Index source = 0, target = 0, real_source = 0, real_target = 0;
  for (Index b = 0; b < order.size(); ++b) {
    fill(dataset, order[b], batch);
    source += batch.B * batch.S;
    target += batch.B * batch.T;
    real_source += std::accumulate(batch.source_lengths.begin(), batch.source_lengths.end(), Index{0});
    real_target += batch.target_tokens;
  }
  CHECK(static_cast<double>(target) / static_cast<double>(real_target) < 1.03);
  CHECK(static_cast<double>(source) / static_cast<double>(real_source) < 1.4);
}

TEST_CASE("batch: evaluation order is from long to short and can be undone") {
  const Dataset dataset = random_dataset(700);
  const BatchOrder order = evaluation_order(dataset, {.sentences = 32});
  std::vector<Index> restored(700, -1);
  Batch batch;
  Index longest = 1000;
  for (Index b = 0; b < order.size(); ++b) {
    fill(dataset, order[b], batch);
    for (Index row = 0; row < batch.B; ++row) {
      const Index sentence = batch.sentences[static_cast<std::size_t>(row)];
      const Index length = batch.source_lengths[static_cast<std::size_t>(row)];
      REQUIRE(length == dataset.source.length(sentence) + 1);
      REQUIRE(length <= longest);
      longest = length;
      restored[static_cast<std::size_t>(sentence)] = sentence;
    }
  }
  CHECK(restored == numbers(700));
}

TEST_CASE("batch: no batch of the order allocates after memory was reserved") {
  const Dataset dataset = random_dataset(2000);
  TrainingEpoch epoch(dataset, {.tokens = 512}, 1, 0);
  Batch batch;
  epoch.reserve(batch);
  const auto storage = [&] {
    return std::vector<const Index*>{batch.source.data(),     batch.source_lengths.data(), batch.target_in.data(),
                                     batch.target_out.data(), batch.target_lengths.data(), batch.sentences.data()};
  };
  const auto before = storage();
  bool stays = true;
  for (Index b = 0; b < epoch.size(); ++b) {
    epoch.fill(epoch[b], batch);
    stays = stays && storage() == before;
  }
  CHECK(stays);
}

TEST_CASE("batch: an empty dataset has no batches") {
  CHECK(training_order({}, {.tokens = 512}, 1, 0).size() == 0);
  CHECK(evaluation_order({}, {.sentences = 2}).size() == 0);
}

TEST_CASE("batch: a size with two limits or none is an internal error") {
  CHECK_THROWS_AS(training_order({}, {}, 1, 0), InternalError);
  CHECK_THROWS_AS(evaluation_order({}, {.tokens = 3, .sentences = 3}), InternalError);
}

}  // namespace regard::data
