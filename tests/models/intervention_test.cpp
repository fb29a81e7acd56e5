#include "framework/models/intervention.h"

#include <numeric>

#include "framework/base/errors.h"
#include "tests/models/variants.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using models::Intervention;
using models::Replacement;

std::vector<double> replaced(Replacement how, std::vector<double> row, const Key& key = {}) {
  models::replace_row(how, row, key);
  return row;
}

// Two sentences of 3 and 2 positions, 2 queries each: the weights and their context.
struct Small {
  Tape tape{DType::f64, Tape::Mode::evaluate};
  std::vector<Index> lengths{3, 2};
  std::vector<Index> steps{4, 5};
  std::vector<Index> sentences{7, 9};
  attention::Source source =
      attention::source_of(tape.input({2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0}), lengths);
  attention::Attended attended;

  Small() {
    attended.weights = tape.input({2, 2, 3}, {.5, .3, .2, .1, .6, .3, .9, .1, 0, .25, .75, 0});
    attended.context = attention::context_of(attended.weights, source);
  }
  attention::Attended operator()(const Intervention& intervention) {
    return models::intervened(tape, attended, steps, source, intervention);
  }
  Intervention by(Replacement how, std::uint64_t seed = 1) const {
    return {.replacement = how, .seed = seed, .sentences = sentences};
  }
};

std::vector<double> numbers(Var x) {
  std::vector<double> all;
  for (Index i = 0; i < x.value().size(); ++i) all.push_back(x.value().at(i));
  return all;
}

}  // namespace

TEST_CASE("replace_row: each replacement of a row by hand") {
  const std::vector<double> row{.125, .5, .25, .125};
  CHECK(replaced(Replacement::even, row) == std::vector<double>{.25, .25, .25, .25});
  CHECK(replaced(Replacement::hardest, row) == std::vector<double>{0, 1, 0, 0});
  CHECK(replaced(Replacement::hardest, {.25, .25}) == std::vector<double>{.5, 0});
  CHECK(replaced(Replacement::shifted, row) == std::vector<double>{.125, .125, .5, .25});
  CHECK(replaced(Replacement::shifted, {.75}) == std::vector<double>{.75});
  const auto shuffled = replaced(Replacement::shuffled, row, Key(1, "a"));
  CHECK(std::is_permutation(shuffled.begin(), shuffled.end(), row.begin()));
  CHECK(shuffled == replaced(Replacement::shuffled, row, Key(1, "a")));
  bool other = false;
  for (Index n = 0; n < 9; ++n)
    other = other || replaced(Replacement::shuffled, row, Key(1, "a").with(n)) != shuffled;
  CHECK(other);
}

TEST_CASE("intervened: rows keep their sums and padding stays zero and the context follows") {
  for (const auto how : {Replacement::even, Replacement::shuffled, Replacement::hardest, Replacement::shifted}) {
    INFO(models::kReplacementNames[static_cast<std::size_t>(how)]);
    Small small;
    const auto found = small(small.by(how));
    const auto weights = numbers(found.weights);
    for (std::size_t row = 0; row < 4; ++row) {
      CHECK(weights[3 * row] + weights[3 * row + 1] + weights[3 * row + 2] == Approx(1));
      if (row >= 2) CHECK(weights[3 * row + 2] == 0);
    }
    CHECK(numbers(found.context) == numbers(attention::context_of(found.weights, small.source)));
    CHECK(weights != numbers(small.attended.weights));
  }
  Small small;
  CHECK(numbers(small(small.by(Replacement::even)).weights)[0] == Approx(1.0 / 3));
  CHECK(numbers(small(small.by(Replacement::even)).weights)[6] == Approx(0.5));
}

TEST_CASE("intervened: a shuffle depends on the seed and the sentence and the step and not on the batch") {
  Small small;
  const auto both = numbers(small(small.by(Replacement::shuffled)).weights);
  Small alone;
  alone.lengths = {2};
  alone.sentences = {9};
  alone.source = attention::source_of(alone.tape.input({1, 2, 2}, {7, 8, 9, 10}), alone.lengths);
  alone.attended.weights = alone.tape.input({1, 2, 2}, {.9, .1, .25, .75});
  alone.attended.context = attention::context_of(alone.attended.weights, alone.source);
  const auto one = numbers(alone(alone.by(Replacement::shuffled)).weights);
  CHECK(one == std::vector<double>{both[6], both[7], both[9], both[10]});
  bool seed = false, sentence = false, step = false;
  for (std::uint64_t n = 2; n < 9; ++n) {
    Small other;
    seed = seed || numbers(other(other.by(Replacement::shuffled, n)).weights) != both;
    other.sentences = {static_cast<Index>(n) + 20, static_cast<Index>(n) + 30};
    sentence = sentence || numbers(other(other.by(Replacement::shuffled)).weights) != both;
    other.sentences = small.sentences;
    other.steps = {static_cast<Index>(n) + 20, static_cast<Index>(n) + 30};
    step = step || numbers(other(other.by(Replacement::shuffled)).weights) != both;
  }
  CHECK(seed);
  CHECK(sentence);
  CHECK(step);
}

TEST_CASE("intervened: given weights replace a row and a row of zeros keeps the variant's") {
  Small small;
  Intervention intervention = small.by(Replacement::given);
  intervention.given = small.tape.input({4, 3}, {0, 1, 0, 0, 0, 0, 0, 1, 0, .5, .5, 0}).value();
  const auto found = small(intervention);
  CHECK(numbers(found.weights) == std::vector<double>{0, 1, 0, .1, .6, .3, 0, 1, 0, .5, .5, 0});
  CHECK(numbers(found.context)[0] == Approx(3));
}

TEST_CASE("intervened: copies follow the replaced weights with the same probability of copying") {
  Small small;
  small.attended.generate = small.tape.input({2, 2, 1}, {.5, .25, 1, 0});
  small.attended.copies = small.tape.input({2, 2, 3}, {.25, .15, .1, .075, .45, .225, 0, 0, 0, .25, .75, 0});
  const auto found = small(small.by(Replacement::hardest));
  const std::vector<double> expected{.5, 0, 0, 0, .75, 0, 0, 0, 0, 0, 1, 0};
  const auto copies = numbers(found.copies);
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(copies[i] == Approx(expected[i]));
}

TEST_CASE("intervened: a context that is not the weights times the states is refused") {
  const std::string sentence =
      "its context is not its weights times the encoder's states, so no other weights can be put in their place";
  Small small;
  small.attended.context = scale(small.attended.context, 2);
  CHECK(thrown<ConfigError>([&] { static_cast<void>(small(small.by(Replacement::even))); }) == sentence);
  Small copying;
  copying.attended.generate = copying.tape.input({2, 2, 1}, {.5, .25, 1, 0});
  copying.attended.copies = copying.tape.input({2, 2, 3}, {.1, .3, .1, .75, 0, 0, 0, 0, 0, 1, 0, 0});
  CHECK(thrown<ConfigError>([&] { static_cast<void>(copying(copying.by(Replacement::even))); }) == sentence);
}

TEST_CASE("intervened: every variant but multi-head attention can be intervened in") {
  const auto data = reverse_data(4, 2, 5);
  const data::Batch batch = whole_batch(data);
  for (const std::string& name : attention::variants().names()) {
    if (name == "none") continue;
    INFO(name);
    const models::Seq2Seq model(toy_model(name), kToyVocabulary, kToyVocabulary, 5, DType::f64);
    Tape tape(DType::f64, Tape::Mode::evaluate);
    const Intervention even{.sentences = batch.sentences};
    if (name == "multi_head") {
      CHECK_THROWS_AS(model.forced(nn::Pass{tape}, batch, &even), ConfigError);
    } else {
      CHECK_NOTHROW(model.forced(nn::Pass{tape}, batch, &even));
    }
  }
}

}  // namespace regard::testing
