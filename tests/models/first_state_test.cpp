#include "framework/models/first_state.h"

#include <cmath>

#include "framework/autodiff/ops.h"
#include "tests/models/named_params.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using models::Bridge;
using models::Cell;
using models::FirstState;

// A bridge from an encoder of width 2 and one layer to a decoder of `layers` layers of width `hidden`.
struct Made : NamedParams {
  FirstState bridge;

  Made(Bridge kind, Cell cell, Index hidden, Index layers)
      : bridge(kind, cell, 2, 1, hidden, layers, nn::Params(store, "bridge")) {}
};

models::Encoded encoded_of(Var h_s, Var h_n, Var c_n) {
  models::Encoded encoded;
  encoded.h_s = h_s;
  encoded.h_n.push_back(h_n);
  if (!c_n.empty()) encoded.c_n.push_back(c_n);
  return encoded;
}

// Two sentences of 3 and 1 positions; the second's padding is no zero, so that reading it shows.
models::Encoded encoded_on(Tape& tape) {
  return encoded_of(tape.input({2, 3, 2}, {1, 2, 3, 4, 5, 9, 7, 8, 100, 100, 100, 100}),
                    tape.input({2, 2}, {0.1, 0.2, 0.3, 0.4}), tape.input({2, 2}, {0.5, 0.6, 0.7, 0.8}));
}

const std::vector<Index> kLengths{3, 1};

}  // namespace

TEST_CASE("first_state: copy hands the final states on as they are") {
  const Made made(Bridge::copy, Cell::lstm, 2, 1);
  CHECK(made.names().empty());
  Tape tape(DType::f64);
  const auto encoded = encoded_on(tape);
  const auto first = made.bridge({tape}, encoded, kLengths);
  REQUIRE(first.h.size() == 1);
  REQUIRE(first.c.size() == 1);
  CHECK(first.h[0].value().raw() == encoded.h_n[0].value().raw());
  CHECK(first.c[0].value().raw() == encoded.c_n[0].value().raw());
}

TEST_CASE("first_state: copy between unequal sizes is a mistake of ours") {
  const auto made = [](Index key, Index encoder_layers, Index hidden, Index layers) {
    nn::ParamStore store(DType::f64, 1);
    return internal_error(
        [&] { FirstState(Bridge::copy, Cell::gru, key, encoder_layers, hidden, layers, nn::Params(store)); });
  };
  CHECK(made(2, 3, 2, 3) == "nothing was thrown");
  CHECK(made(2, 1, 3, 1) == "the bridge 'copy' needs equal widths and layers");
  CHECK(made(2, 1, 2, 2) == "the bridge 'copy' needs equal widths and layers");
}

TEST_CASE("first_state: linear has matrices for each layer and for c of an LSTM") {
  const Made lstm(Bridge::linear, Cell::lstm, 1, 2);
  CHECK(lstm.names() == std::vector<std::string>{"bridge/layer0/h/W [1, 2]", "bridge/layer0/h/b [1]",
                                                 "bridge/layer0/c/W [1, 2]", "bridge/layer0/c/b [1]",
                                                 "bridge/layer1/h/W [1, 2]", "bridge/layer1/h/b [1]",
                                                 "bridge/layer1/c/W [1, 2]", "bridge/layer1/c/b [1]"});
  lstm.set("bridge/layer0/h/W", {1, 0});
  lstm.set("bridge/layer0/c/W", {0, 1});
  lstm.set("bridge/layer1/h/W", {1, 1});
  lstm.set("bridge/layer1/h/b", {-1});
  lstm.set("bridge/layer1/c/W", {2, 0});
  Tape tape(DType::f64);
  const auto first = lstm.bridge({tape}, encoded_on(tape), kLengths);
  REQUIRE(first.h.size() == 2);
  REQUIRE(first.c.size() == 2);
  CHECK(differs(first.h[0], {std::tanh(0.1), std::tanh(0.3)}) == "");
  CHECK(differs(first.c[0], {std::tanh(0.6), std::tanh(0.8)}) == "");
  CHECK(differs(first.h[1], {std::tanh(0.3 - 1), std::tanh(0.7 - 1)}) == "");
  CHECK(differs(first.c[1], {std::tanh(1.0), std::tanh(1.4)}) == "");

  const Made gru(Bridge::linear, Cell::gru, 3, 1);
  CHECK(gru.names() == std::vector<std::string>{"bridge/layer0/h/W [3, 2]", "bridge/layer0/h/b [3]"});
}

TEST_CASE("first_state: mean reads each sentence's own positions alone") {
  const Made made(Bridge::mean, Cell::lstm, 1, 1);
  made.set("bridge/layer0/h/W", {0.1, 0});
  made.set("bridge/layer0/c/W", {0, 0.1});
  made.set("bridge/layer0/c/b", {1});
  Tape tape(DType::f64);
  const auto first = made.bridge({tape}, encoded_on(tape), kLengths);
  CHECK(differs(first.h[0], {std::tanh(0.3), std::tanh(0.7)}) == "");
  CHECK(differs(first.c[0], {std::tanh(1.5), std::tanh(1.8)}) == "");
}

TEST_CASE("first_state: zero starts every layer with zeros of the decoder's width") {
  for (const Cell cell : {Cell::lstm, Cell::gru}) {
    const Made made(Bridge::zero, cell, 3, 2);
    CHECK(made.names().empty());
    Tape tape(DType::f64);
    const auto first = made.bridge({tape}, encoded_on(tape), kLengths);
    REQUIRE(first.h.size() == 2);
    CHECK(first.c.size() == (cell == Cell::lstm ? 2 : 0));
    for (const Var& h : first.h) {
      CHECK(h.shape() == Shape{2, 3});
      CHECK(differs(h, {0, 0, 0, 0, 0, 0}) == "");
    }
  }
}

TEST_CASE("first_state: gradients go back through every bridge", "[gradcheck]") {
  for (const Bridge kind : {Bridge::copy, Bridge::linear, Bridge::mean}) {
    const Made made(kind, Cell::lstm, 2, 1);
    INFO(static_cast<int>(kind));
    CHECK(gradcheck("first_state", {{2, 3, 2}, {2, 2}, {2, 2}}, [&](const Vars& in) {
            const auto first = made.bridge({in[0].tape()}, encoded_of(in[0], in[1], in[2]), kLengths);
            // All of them, so that an input that no state depends on gets the gradient 0.
            return concat(std::vector<Var>{first.h[0], first.c[0], scale(in[1], 1), scale(in[2], 1),
                                           reshape(in[0], {2, 6})});
          }) == "");
  }
}

}  // namespace regard::testing
