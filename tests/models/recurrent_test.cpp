#include "framework/models/recurrent.h"

#include <array>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using models::Cell;
using models::Recurrent;

constexpr std::array kCells = {Cell::lstm, Cell::gru};
const std::vector<Index> kLengths{3, 2};

}  // namespace

TEST_CASE("recurrent: an LSTM has four gates and c and a GRU has three and none") {
  nn::ParamStore store(DType::f64, 3);
  const Recurrent lstm(Cell::lstm, 3, 2, nn::Params(store, "lstm")),
      gru(Cell::gru, 3, 2, nn::Params(store, "gru"));
  std::vector<std::string> names;
  for (const nn::Param& param : store.all()) names.push_back(param.name() + " " + param.shape().text());
  CHECK(names == std::vector<std::string>{"lstm/W_x [8, 3]", "lstm/W_h [8, 2]", "lstm/b [8]", "gru/W_x [6, 3]",
                                          "gru/W_h [6, 2]", "gru/b_x [6]", "gru/b_h [6]"});
  CHECK(lstm.has_c());
  CHECK_FALSE(gru.has_c());
  CHECK(lstm.gate_width() == 8);
  CHECK(gru.gate_width() == 6);
  CHECK(lstm.hidden() == 2);
  CHECK(gru.hidden() == 2);
}

TEST_CASE("recurrent: a sequence is its steps one by one in either direction and with a mask") {
  for (const Cell cell : kCells) {
    for (const Direction direction : {Direction::forward, Direction::backward}) {
      for (const bool masked : {false, true}) {
        INFO("cell " << static_cast<int>(cell) << ", direction " << static_cast<int>(direction) << ", mask "
                     << masked);
        nn::ParamStore store(DType::f64, 3);
        const Recurrent layer(cell, 3, 2, nn::Params(store));
        const Leaf x(DType::f64, {2, 3, 3}, 1), h_0(DType::f64, {2, 2}, 2), c_0(DType::f64, {2, 2}, 3);
        Tape tape(DType::f64);
        const Var input = x.on(tape), mask = masked ? tape.input({2, 2}, {0, 2, 2, 0}) : Var();
        const Recurrent::State first{h_0.on(tape), layer.has_c() ? c_0.on(tape) : Var()};
        const auto sequence = layer(input, kLengths, first, direction, mask);
        CHECK(sequence.last.c.empty() == !layer.has_c());
        const Var gates = layer.gates(input);
        CHECK(gates.shape() == Shape{2, 3, layer.gate_width()});
        for (Index b = 0; b < 2; ++b) {
          const std::vector<Index> own{b};
          const Index length = kLengths[static_cast<std::size_t>(b)];
          Recurrent::State state{gather_rows(first.h, own), layer.has_c() ? gather_rows(first.c, own) : Var()};
          const Var own_mask = masked ? gather_rows(mask, own) : Var();
          for (Index step = 0; step < length; ++step) {
            const Index t = direction == Direction::forward ? step : length - 1 - step;
            state = layer.step({gather_rows(gates, own), t}, state, own_mask);
            CHECK(differs(state.h, values(slice_time(gather_rows(sequence.h, own), t, 1)), 1e-14) == "");
          }
          CHECK(differs(state.h, values(gather_rows(sequence.last.h, own)), 1e-14) == "");
          if (layer.has_c()) CHECK(differs(state.c, values(gather_rows(sequence.last.c, own)), 1e-14) == "");
        }
        CHECK(differs(slice_time(gather_rows(sequence.h, std::vector<Index>{1}), 2, 1), {0, 0}) == "");  // padding
      }
    }
  }
}

TEST_CASE("recurrent: without first states it starts from zeros") {
  for (const Cell cell : kCells) {
    nn::ParamStore store(DType::f64, 3);
    const Recurrent layer(cell, 3, 2, nn::Params(store));
    const Leaf x(DType::f64, {2, 3, 3}, 1);
    Tape tape(DType::f64);
    const Var zeros = tape.input(tape.zeros({2, 2}));
    const auto none = layer(x.on(tape), kLengths, {}, Direction::forward, {});
    const auto given = layer(x.on(tape), kLengths, {zeros, layer.has_c() ? zeros : Var()}, Direction::forward, {});
    CHECK(values(none.h) == values(given.h));
  }
}

TEST_CASE("recurrent: gradients of a sequence and of a step", "[gradcheck]") {
  for (const Cell cell : kCells) {
    nn::ParamStore store(DType::f64, 3);
    const Recurrent layer(cell, 3, 2, nn::Params(store));
    const std::vector<Shape> states =
        layer.has_c() ? std::vector<Shape>{{2, 2}, {2, 2}} : std::vector<Shape>{{2, 2}};
    const auto state_of = [&](const Vars& in) { return Recurrent::State{in[1], layer.has_c() ? in[2] : Var()}; };
    const auto joined = [&](Var h, const Recurrent::State& state) {
      return state.c.empty() ? concat(h, state.h) : concat(h, concat(state.h, state.c));
    };
    std::vector<Shape> shapes{{2, 3, 3}};
    shapes.insert(shapes.end(), states.begin(), states.end());
    CHECK(gradcheck("sequence", shapes, [&](const Vars& in) {
            const auto y = layer(in[0], kLengths, state_of(in), Direction::backward, {});
            return joined(reshape(y.h, {2, 6}), y.last);
          }) == "");
    shapes[0] = {2, 3};
    CHECK(gradcheck("step", shapes, [&](const Vars& in) {
            const auto next = layer.step(layer.gates(in[0]), state_of(in), {});
            return joined(next.h, next);
          }) == "");
  }
}

}  // namespace regard::testing
