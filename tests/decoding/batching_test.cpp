// The effect of sharing a batch: none in f64; in f32 only a translation that was decided by less than 1e-4 may
// change.
#include <fmt/format.h>

#include <cstdio>

#include "tests/decoding/walk.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

using decoding::SearchOptions;

constexpr double kDeciding = 1e-4;

// Makes words 4 and 5 equally good except for `gap`, so that rounding can decide between them.
void plant_ties(models::Seq2Seq& model, double gap) {
  const Tensor W = model.params().find("output/W")->value();
  const Tensor b = model.params().find("output/b")->value();
  for (Index i = 0; i < W.cols(); ++i) W.set(5 * W.cols() + i, W.at(4 * W.cols() + i) * (1 + gap));
  b.set(5, b.at(4));
}

struct Count {
  Index translations = 0;
  Index different = 0;
  double largest = 0;  // the largest deciding gap of translations that differ
};

void compare(const models::Seq2Seq& model, const data::Dataset& data, SearchOptions options, Count& count) {
  options.batch_sentences = 1;
  const auto alone = decoding::translate(model, data, options);
  for (const Index batch : {3, 16, 64}) {
    options.batch_sentences = batch;
    const auto together = decoding::translate(model, data, options);
    for (std::size_t i = 0; i < alone.size(); ++i) {
      ++count.translations;
      if (alone[i].words == together[i].words && alone[i].complete == together[i].complete) continue;
      ++count.different;
      count.largest = std::max(count.largest, alone[i].margin);
    }
  }
}

Count compare_all(DType type, double gap) {
  const auto data = reverse_data(64, 1, 9);
  Count count;
  for (const char* attention : {"none", "dot", "general", "concat"}) {
    models::Seq2Seq model(toy_model(attention, 32), kToyVocabulary, kToyVocabulary, 7, type);
    sharpen(model, 4, 0.5);
    if (gap > 0) plant_ties(model, gap);
    for (const SearchOptions& options : {SearchOptions{.beam = 1}, SearchOptions{.beam = 5},
                                         SearchOptions{.beam = 4,
                                         .nbest = 3,
                                         .length_norm = decoding::LengthNorm::gnmt,
                                         .coverage_penalty = 0.2,
                                         .min_length = 3,
                                         .block_ngrams = 2}}) {
      compare(model, data, options, count);
    }
  }
  return count;
}

void print(const char* what, const Count& count) {
  fmt::print(
      "{}: {} of {} translations differ between batches of 1 and of 3, 16 or 64; largest deciding gap {:.1e}\n",
      what, count.different, count.translations, count.largest);
  std::fflush(stdout);
}

}  // namespace

TEST_CASE("batching: a batch never changes a translation in f64") {
  const Count count = compare_all(DType::f64, 0);
  print("f64", count);
  CHECK(count.different == 0);
}

TEST_CASE("batching: a batch changes a translation in f32 only if less than 1e-4 decided") {
  for (const double gap : {0.0, 1e-8}) {
    const Count count = compare_all(DType::f32, gap);
    print(gap == 0 ? "f32" : "f32 with words as good as one another", count);
    CHECK(count.largest < kDeciding);
  }
}

TEST_CASE("batching: the deciding gap is that of the choices that were made") {
  // In greedy search it is the smallest difference between the best and the next word of any step.
  const auto data = reverse_data(12, 1, 6);
  for (const char* attention : {"none", "general"}) {
    models::Seq2Seq model(toy_model(attention), kToyVocabulary, kToyVocabulary, 7, DType::f64);
    sharpen(model, 6, 1);
    const auto found = decoding::translate(model, data, {.beam = 1});
    for (Index i = 0; i < data.size(); ++i) {
      const auto& translation = found[static_cast<std::size_t>(i)];
      Walk walk(model, data, i);
      auto place = walk.start();
      double smallest = std::numeric_limits<double>::infinity();
      auto words = translation.words;
      if (translation.complete) words.push_back(data::kEos);
      for (const Index word : words) {
        double next = -std::numeric_limits<double>::infinity();
        for (Index other = 0; other < kToyVocabulary; ++other) {
          if (is_translation(other) && other != word)
            next = std::max(next, place.log_p[static_cast<std::size_t>(other)]);
        }
        smallest = std::min(smallest, place.log_p[static_cast<std::size_t>(word)] - next);
        place = walk.after(place.state, word);
      }
      CHECK(translation.margin == Approx(smallest).epsilon(1e-9));
    }
  }
}

}  // namespace regard::testing
