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

TEST_CASE("encoder: the backward direction reads from the end what the forward one reads from the start") {
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
  // Each direction's final state is the one where it ends: the last position, and the first.
  for (Index i = 0; i < half; ++i) {
    CHECK(there.h_n[0].value().at(i) == there.h_s.value().at(4 * 2 * half + i));
    CHECK(there.h_n[0].value().at(half + i) == there.h_s.value().at(half + i));
  }
}

TEST_CASE("encoder: a word changes the states behind it and with two directions those before it") {
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

TEST_CASE("encoder: what a sentence is padded with makes no difference") {
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
