#include <cmath>

#include "framework/tensor/kernels.h"
#include "tests/models/variants.h"
#include "tests/support/catch.h"

namespace regard::testing {
namespace {

struct Started {
  models::Memory memory;
  models::DecoderState state;
};

Started start(const models::Seq2Seq& model, const nn::Pass& pass, const data::Batch& batch) {
  const auto encoded = model.encoder()(pass, batch.source, batch.S, batch.source_lengths);
  Started started;
  started.memory = model.decoder().prepare_memory(pass, encoded, batch.source_lengths);
  started.state = model.decoder().start(pass, encoded, started.memory);
  return started;
}

std::vector<Index> column(const data::Batch& batch, Index t) {
  std::vector<Index> words;
  for (Index b = 0; b < batch.B; ++b) words.push_back(batch.target_in[static_cast<std::size_t>(b * batch.T + t)]);
  return words;
}

double difference(const Tensor& a, const Tensor& b) {
  if (a.shape() != b.shape()) return INFINITY;
  double most = 0;
  for (Index i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a.at(i) - b.at(i)));
  return most;
}

// Compares step t of row b of x [B, T, n] with row b of y [B, 1, n].
double difference_at(const Tensor& x, const Tensor& y, Index b, Index t) {
  const Index n = x.shape()[2];
  if (y.shape()[2] != n) return INFINITY;
  double most = 0;
  for (Index i = 0; i < n; ++i) {
    most = std::max(most, std::abs(x.at((b * x.shape()[1] + t) * n + i) - y.at(b * n + i)));
  }
  return most;
}

void check_same_state(const models::DecoderState& a, const models::DecoderState& b) {
  CHECK(a.t == b.t);
  REQUIRE(a.h.size() == b.h.size());
  REQUIRE(a.c.size() == b.c.size());
  for (std::size_t layer = 0; layer < a.h.size(); ++layer) {
    CHECK(difference(a.h[layer].value(), b.h[layer].value()) < 1e-12);
    if (layer < a.c.size()) CHECK(difference(a.c[layer].value(), b.c[layer].value()) < 1e-12);
  }
  CHECK(a.feed.empty() == b.feed.empty());
  if (!a.feed.empty()) CHECK(difference(a.feed.value(), b.feed.value()) < 1e-12);
}

}  // namespace

TEST_CASE("decoder: all steps at once equal one step after the other") {
  const auto data = reverse_data(3, 2, 5);
  const auto batch = whole_batch(data);
  for (const auto& [name, options] : all_models_and_attentions()) {
    for (const char* dropout : {"none", "steps", "sequence"}) {
      const bool training = std::string(dropout) != "none";
      INFO(name << ", dropout " << dropout);
      auto dropping = options;
      if (training) dropping.dropout = all_dropouts(std::string(dropout) == "sequence");
      const models::Seq2Seq model(dropping, kToyVocabulary, kToyVocabulary, 5, DType::f64);
      Tape tape(DType::f64, Tape::Mode::evaluate);
      const nn::Pass pass{tape, training, Key(1, "dropout"), batch.sentences};
      const auto [memory, state] = start(model, pass, batch);
      const auto whole = model.decoder().advance(pass, memory, state, batch.target_in, batch.T);
      const auto ragged =
          model.decoder().advance(pass, memory, state, batch.target_in, batch.T, batch.target_lengths);
      CHECK(whole.weights.empty() == (options.attention.name == "none"));

      models::DecoderState now = state;
      for (Index t = 0; t < batch.T; ++t) {
        const auto step = model.decoder().advance(pass, memory, now, column(batch, t), 1);
        for (Index b = 0; b < batch.B; ++b) {
          CHECK(difference_at(whole.readout.value(), step.readout.value(), b, t) < 1e-12);
          if (!step.weights.empty()) {
            CHECK(difference_at(whole.weights.value(), step.weights.value(), b, t) < 1e-12);
          }
          if (t < batch.target_lengths[static_cast<std::size_t>(b)]) {
            CHECK(difference_at(ragged.readout.value(), step.readout.value(), b, t) < 1e-12);
          }
        }
        now = step.state;
      }
      check_same_state(whole.state, now);
    }
  }
}

TEST_CASE("decoder: K hypotheses of a sentence advance like K sentences") {
  const auto data = reverse_data(2, 2, 5, 3);
  const auto batch = whole_batch(data);
  const std::vector<Index> twice = {0, 0, 1, 1};
  const auto repeated = batch_of(data, twice);
  for (const auto& [name, options] : all_models_and_attentions()) {
    INFO(name);
    const models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    Tape tape(DType::f64, Tape::Mode::evaluate);
    const nn::Pass pass{tape};
    const std::vector<Index> first(2, data::kBos);
    const std::vector<Index> firsts(4, data::kBos);
    const std::vector<Index> second = {5, 6, 7, 4};
    const std::vector<Index> third = {8, 4, 9, 5};
    const std::vector<Index> swapped = {1, 0, 3, 3};

    const auto beam = start(model, pass, batch);
    auto step = model.decoder().advance(pass, beam.memory, beam.state, first, 1);
    step = model.decoder().advance(pass, beam.memory, gather(step.state, twice, tape), second, 1);
    step = model.decoder().advance(pass, beam.memory, gather(step.state, swapped, tape), third, 1);

    const auto alone = start(model, pass, repeated);
    auto expected = model.decoder().advance(pass, alone.memory, alone.state, firsts, 1);
    expected = model.decoder().advance(pass, alone.memory, expected.state, second, 1);
    expected = model.decoder().advance(pass, alone.memory, gather(expected.state, swapped, tape), third, 1);

    CHECK(difference(step.readout.value(), expected.readout.value()) < 1e-12);
    CHECK(step.weights.empty() == expected.weights.empty());
    if (!step.weights.empty()) CHECK(difference(step.weights.value(), expected.weights.value()) < 1e-12);
    check_same_state(step.state, expected.state);
  }
}

TEST_CASE("decoder: without attention it sees the source in its first state or at every step by option") {
  const auto data = reverse_data(2, 3, 3);
  const auto batch = whole_batch(data);
  using models::Bridge;
  using models::FinalState;
  struct Case {
    Bridge bridge;
    FinalState state;
    bool sees;
  };
  for (const auto& [bridge, state, sees] :
       {Case{Bridge::copy, FinalState::init, true}, Case{Bridge::linear, FinalState::init, true},
        Case{Bridge::mean, FinalState::init, true}, Case{Bridge::zero, FinalState::init, false},
        Case{Bridge::zero, FinalState::every_step, true}}) {
    auto options = toy_model("none");
    options.decoder.bridge = bridge;
    options.decoder.final_state = state;
    models::Seq2Seq model(options, kToyVocabulary, kToyVocabulary, 5, DType::f64);
    Tape tape(DType::f64);
    tape.backward(model.loss({tape}, batch));
    model.params().finish_backward(tape);
    const nn::Param* W = model.params().find("encoder/layer0/forward/W_x");
    REQUIRE(W != nullptr);
    CHECK((kernels::dot(W->grad(), W->grad()) > 0) == sees);
  }
}

TEST_CASE("decoder: several steps at once with several hypotheses are refused") {
  const auto data = reverse_data(1, 3, 3);
  const auto batch = whole_batch(data);
  const models::Seq2Seq model(toy_model("dot"), kToyVocabulary, kToyVocabulary, 5, DType::f64);
  Tape tape(DType::f64, Tape::Mode::evaluate);
  const nn::Pass pass{tape};
  const auto [memory, state] = start(model, pass, batch);
  const std::vector<Index> rows = {0, 0};
  const std::vector<Index> words(4, data::kBos);
  CHECK_THROWS_AS(model.decoder().advance(pass, memory, gather(state, rows, tape), words, 2), InternalError);
  CHECK_THROWS_AS(model.decoder().advance(pass, memory, state, words, 1), InternalError);
}

}  // namespace regard::testing
