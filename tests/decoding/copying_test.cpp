// Search with attention that copies words of the source.
#include <cmath>

#include "framework/decoding/ensemble.h"
#include "framework/decoding/search.h"
#include "framework/training/trainer.h"
#include "tests/decoding/walk.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

constexpr Index kKnown = 3;  // symbols that the vocabularies have; the others are names
constexpr Index kVocabulary = data::kSpecials + kKnown;

// Rows of symbols, to be written backwards; most symbols are in no vocabulary.
data::Dataset named_data(Index pairs, Index min, Index max, std::uint64_t seed, Index symbols) {
  data::TokenCounts counts;
  for (Index i = 0; i < kKnown; ++i) counts.add(fmt::format("w{}", i));
  const data::Vocabulary vocabulary(counts, 1, 0);
  data::Dataset dataset;
  dataset.copies = std::make_shared<data::Copies>();
  dataset.copies->words = std::make_shared<data::FurtherWords>(vocabulary);
  for (Index pair = 0; pair < pairs; ++pair) {
    const Key key = Key(seed, "named").with(pair);
    const Index length = min + key.below(max - min + 1, 0);
    std::vector<std::string> tokens;
    std::vector<data::TokenId> ids;
    for (Index i = 0; i < length; ++i) {
      tokens.push_back(fmt::format("w{}", key.below(symbols, i + 1)));
      ids.push_back(vocabulary.id(tokens.back()));
    }
    dataset.source.add(ids);
    const std::vector<std::string> source = tokens;
    std::reverse(tokens.begin(), tokens.end());
    std::reverse(ids.begin(), ids.end());
    dataset.target.add(ids);
    dataset.copies->add(source, tokens);
    dataset.lines.push_back(pair);
  }
  return dataset;
}

models::Seq2Seq made(std::uint64_t seed, const char* attention = "pointer") {
  models::Seq2Seq model(toy_model(attention, 4), kVocabulary, kVocabulary, seed, DType::f64);
  sharpen(model, 3, 0.5);
  const nn::Param* const b = model.params().find("decoder/attention/b");
  if (b != nullptr) b->value().set(0, -2);  // most words are copied
  return model;
}

std::vector<std::string> words_of(const decoding::Translation& translation, const data::Dataset& data) {
  std::vector<std::string> words;
  for (const Index word : translation.words)
    words.push_back(data.copies->words->token(static_cast<data::TokenId>(word)));
  return words;
}

}  // namespace

TEST_CASE("copying: what a search finds has the probability that scoring it gives") {
  const auto data = named_data(9, 1, 6, 3, 12);
  const models::Seq2Seq one = made(5);
  const models::Seq2Seq two = made(6);
  bool further = false;
  for (const std::vector<const models::Seq2Seq*>& models :
       {std::vector<const models::Seq2Seq*>{&one}, {&one, &two}}) {
    for (const Index beam : {1, 4}) {
      const decoding::SearchOptions options{.beam = beam, .max_length_factor = 9};
      const auto found = decoding::translate_all(models, data, options);
      data::Dataset given = data;
      given.target = {};
      given.copies = std::make_shared<data::Copies>();
      given.copies->words = data.copies->words;
      for (std::size_t i = 0; i < found.size(); ++i) {
        const auto& best = found[i].front();
        std::vector<data::TokenId> ids, known;
        for (const Index word : best.words) {
          further = further || word >= kVocabulary;
          ids.push_back(static_cast<data::TokenId>(word));
          known.push_back(word < kVocabulary ? ids.back() : data::kUnk);
        }
        given.target.add(known);
        given.copies->source.add(data.copies->source[static_cast<Index>(i)]);
        given.copies->target.add(ids);
      }
      const auto forced = decoding::translations_given(models, given, options);
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (!found[i].front().complete) continue;
        CHECK(forced[i].words == found[i].front().words);
        CHECK(forced[i].log_probability == Approx(found[i].front().log_probability).epsilon(1e-9));
      }
    }
  }
  CHECK(further);
}

TEST_CASE("copying: the sentences of a batch and the beams of a sentence do not disturb each other") {
  const auto data = named_data(9, 1, 6, 3, 12);
  const models::Seq2Seq model = made(5);
  const models::Seq2Seq* const one = &model;
  for (const Index beam : {1, 3}) {
    decoding::SearchOptions options{.beam = beam};
    const auto together = decoding::translate_all({&one, 1}, data, options);
    options.batch_sentences = 1;
    const auto alone = decoding::translate_all({&one, 1}, data, options);
    for (std::size_t i = 0; i < together.size(); ++i) {
      CHECK(together[i].front().words == alone[i].front().words);
      CHECK(together[i].front().log_probability == Approx(alone[i].front().log_probability).epsilon(1e-9));
    }
  }
}

TEST_CASE("copying: one model that copies and one that does not write nothing together") {
  const models::Seq2Seq copies = made(5);
  const models::Seq2Seq plain = made(6, "general");
  const std::vector<const models::Seq2Seq*> both{&copies, &plain};
  CHECK(internal_error([&] { const decoding::Ensemble ensemble(both); }) ==
        "all members of an ensemble copy, or none");
}

TEST_CASE("copying: names that no vocabulary has and no training text had are written", "[learn]") {
  const auto train = named_data(3000, 2, 6, 1, 40);
  auto test = named_data(60, 2, 6, 2, 400);  // nine of ten symbols are new
  double right[2];
  for (const char* attention : {"general", "pointer"}) {
    models::ModelOptions shape = toy_model(attention, 32);
    models::Seq2Seq model(shape, kVocabulary, kVocabulary, 1);
    training::TrainingOptions options;
    options.batch = {.tokens = 0, .sentences = 32};
    options.learning_rate = 0.005;
    options.epochs = 6;
    training::Hooks hooks;
    hooks.validate = [](const models::Seq2Seq&) { return training::Validation{1, {}}; };
    training::Trainer(model, train, options, 1, {}, hooks).run();
    Index words = 0, same = 0;
    const auto found = decoding::translate(model, test, {.beam = 1});
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto written = words_of(found[i], test);
      const auto expected = test.copies->target[static_cast<Index>(i)];
      for (std::size_t t = 0; t < expected.size(); ++t, ++words)
        same += t < written.size() && written[t] == test.copies->words->token(expected[t]) ? 1 : 0;
    }
    right[std::string(attention) == "pointer" ? 1 : 0] = static_cast<double>(same) / static_cast<double>(words);
  }
  INFO("right words: general " << right[0] << ", pointer " << right[1]);
  CHECK(right[0] < 0.1);
  CHECK(right[1] > 0.7);
}

}  // namespace regard::testing
