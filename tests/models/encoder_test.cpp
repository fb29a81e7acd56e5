#include "framework/models/encoder.h"

#include <algorithm>
#include <cmath>

#include "framework/tensor/kernels.h"
#include "tests/support/catch.h"
#include "tests/support/toy.h"

namespace regard::testing {
namespace {

models::ModelOptions options_of(bool bidirectional, Index layers) {
  auto options = toy_model("none");
  options.encoder.bidirectional = bidirectional;
  options.encoder.layers = options.decoder.layers = layers;
  return options;
}

models::Encoded encode(const models::Seq2Seq& model, Tape& tape, const std::vector<Index>& source) {
  const std::vector<Index> lengths = {static_cast<Index>(source.size())};
  return model.encoder()({tape}, source, lengths[0], lengths);
}

}  // namespace

TEST_CASE("encoder: the backward direction reads the sentence from its end") {
  models::Seq2Seq model(options_of(true, 1), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  for (const char* part : {"W_x", "W_h", "b"}) {
    kernels::copy(model.params().find(fmt::format("encoder/layer0/forward/{}", part))->value(),
                  model.params().find(fmt::format("encoder/layer0/backward/{}", part))->value());
  }
  std::vector<Index> words = {4, 7, 5, 9, 6};
  Tape tape(DType::f64, Tape::Mode::evaluate);
  const auto there = encode(model, tape, words);
  std::reverse(words.begin(), words.end());
  const auto back = encode(model, tape, words);
  const Index half = 2;
  double between_halves = 0;
  for (Index s = 0; s < 5; ++s) {
    for (Index i = 0; i < half; ++i) {
      const double forward = there.h_s.value().at(s * 2 * half + i);
      CHECK(forward == Approx(back.h_s.value().at((4 - s) * 2 * half + half + i)).epsilon(1e-12));
      between_halves += std::abs(forward - there.h_s.value().at(s * 2 * half + half + i));
    }
  }
  CHECK(between_halves > 1e-3);
  // The final state of each direction is that of its last step: the last position, and the first.
  for (Index i = 0; i < half; ++i) {
    CHECK(there.h_n[0].value().at(i) == there.h_s.value().at(4 * 2 * half + i));
    CHECK(there.h_n[0].value().at(half + i) == there.h_s.value().at(half + i));
  }
}

TEST_CASE("encoder: a word changes later states and with two directions also earlier ones") {
  for (const bool bidirectional : {false, true}) {
    const models::Seq2Seq model(options_of(bidirectional, 1), kToyVocabulary, kToyVocabulary, 5, DType::f64);
    Tape tape(DType::f64, Tape::Mode::evaluate);
    const Tensor one = encode(model, tape, {4, 5, 6, 7}).h_s.value();
    const Tensor other = encode(model, tape, {4, 5, 9, 7}).h_s.value();
    for (Index s = 0; s < 4; ++s) {
      double change = 0;
      for (Index i = 0; i < 4; ++i) change += std::abs(one.at(s * 4 + i) - other.at(s * 4 + i));
      CHECK((change > 0) == (bidirectional || s >= 2));
    }
  }
}

TEST_CASE("encoder: a reversed source gives the states of the reversed words in the source's own order") {
  auto options = options_of(false, 2);
  const models::Seq2Seq plain(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
  options.encoder.reverse_source = true;
  const models::Seq2Seq reversing(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  // The words are reversed and </s> stays at the end.
  const auto expected = encode(plain, tape, {8, 7, 6, 5, data::kEos});
  const auto actual = encode(reversing, tape, {5, 6, 7, 8, data::kEos});
  const std::vector<Index> place = {3, 2, 1, 0, 4};
  for (Index s = 0; s < 5; ++s) {
    for (Index i = 0; i < 4; ++i) {
      CHECK(actual.h_s.value().at(s * 4 + i) ==
            expected.h_s.value().at(place[static_cast<std::size_t>(s)] * 4 + i));
    }
  }
  CHECK((bytes_of(actual.h_n[1].value()) == bytes_of(expected.h_n[1].value())));
}

TEST_CASE("encoder: residual connections add the input of a layer from the second layer on") {
  auto options = options_of(true, 2);
  const models::Seq2Seq plain(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
  const models::Seq2Seq lower(options_of(true, 1), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  options.residual = true;
  const models::Seq2Seq residual(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  const std::vector<Index> words = {4, 7, 5};
  const Tensor below = encode(lower, tape, words).h_s.value();
  const Tensor above = encode(plain, tape, words).h_s.value();
  const Tensor joined = encode(residual, tape, words).h_s.value();
  for (Index i = 0; i < joined.size(); ++i) {
    CHECK(joined.at(i) == Approx(below.at(i) + above.at(i)).epsilon(1e-14));
  }
}

TEST_CASE("encoder: dropout of states has one mask for all steps and does not change the first step") {
  auto options = options_of(false, 1);
  const models::Seq2Seq plain(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
  options.dropout.states = 0.5;
  const models::Seq2Seq dropping(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  const std::vector<Index> sentences = {0};
  const std::vector<Index> words = {4, 7, 5};
  const std::vector<Index> lengths = {3};
  const Tensor a = encode(plain, tape, words).h_s.value();
  const Tensor b = dropping.encoder()({tape, true, Key(2, "dropout"), sentences}, words, 3, lengths).h_s.value();
  double later = 0;
  for (Index i = 0; i < 4; ++i) {
    CHECK(a.at(i) == b.at(i));
    later += std::abs(a.at(8 + i) - b.at(8 + i));
  }
  CHECK(later > 1e-6);
}

TEST_CASE("encoder: the values of padding make no difference") {
  const models::Seq2Seq model(options_of(true, 2), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  const std::vector<Index> lengths = {2, 4};
  const auto states = [&](Index padding) {
    const std::vector<Index> source = {4, 5, padding, padding, 6, 7, 8, 9};
    const auto encoded = model.encoder()({tape}, source, 4, lengths);
    return bytes_of(encoded.h_s.value()) + bytes_of(encoded.h_n[1].value()) + bytes_of(encoded.c_n[1].value());
  };
  CHECK((states(data::kPad) == states(7)));
}

}  // namespace regard::testing
