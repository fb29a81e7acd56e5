// The rules of every recurrent layer over whole sequences. The values and errors of each layer are in its own
// test.
#include <array>
#include <cmath>
#include <limits>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::gradcheck;
using testing::Leaf;
using testing::shape_error;
using testing::values;
using testing::Vars;

using Lengths = std::vector<Index>;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array kDirections = {Direction::forward, Direction::backward};

// A layer as a function of x [B, T, E], W_x [gates H, E], W_h [gates H, H], its biases and its initial states [B,
// H], which are optional.
struct Layer {
  std::string name;
  Index gates;
  std::size_t biases, states;
  // Returns h [B, T, H] and each state after the last step.
  Vars (*run)(const Vars& in, const Lengths& lengths, Direction direction, Var h_mask);
  // Returns the states after one step of a sentence with the input projection x_gates [1, gates H].
  Vars (*step)(const Vars& in, Var x_gates, const Vars& states);

  [[nodiscard]] std::size_t first_state() const { return 3 + biases; }
  [[nodiscard]] std::vector<Shape> shapes(Index B, Index T, Index E, Index H) const {
    std::vector<Shape> all = {{B, T, E}, {gates * H, E}, {gates * H, H}};
    all.resize(first_state(), {gates * H});
    all.resize(first_state() + states, {B, H});
    return all;
  }
};

template <std::size_t N>
Vars listed(const std::array<Var, N>& out) {
  return {out.begin(), out.end()};
}

Vars run_lstm(const Vars& in, const Lengths& lengths, Direction direction, Var h_mask) {
  const bool states = in.size() > 4;
  return listed(lstm(in[0], lengths, {in[1], in[2], in[3]}, states ? in[4] : Var(), states ? in[5] : Var(),
                     direction, h_mask));
}
Vars step_lstm(const Vars& in, Var x_gates, const Vars& states) {
  return listed(lstm_cell(x_gates, in[2], states[0], states[1]));
}

Vars run_gru(const Vars& in, const Lengths& lengths, Direction direction, Var h_mask) {
  return listed(
      gru(in[0], lengths, {in[1], in[2], in[3], in[4]}, in.size() > 5 ? in[5] : Var(), direction, h_mask));
}
Vars step_gru(const Vars& in, Var x_gates, const Vars& states) {
  return {gru_cell(x_gates, in[2], in[4], states[0])};
}

const std::vector<Layer>& layers() {
  static const std::vector<Layer> all = {{"lstm", 4, 1, 2, run_lstm, step_lstm},
                                         {"gru", 3, 2, 1, run_gru, step_gru}};
  return all;
}

// Returns all outputs side by side, so that one check covers them and the sum of their paths.
Var beside(const Vars& out) {
  const Index B = out[0].shape()[0];
  Var all = out.back();
  for (std::size_t i = out.size() - 1; i-- > 1;) all = concat(out[i], all);
  return concat(reshape(out[0], {B, out[0].value().size() / B}), all);
}

std::vector<Leaf> leaves_of(const std::vector<Shape>& shapes) {
  std::vector<Leaf> leaves;
  for (std::size_t i = 0; i < shapes.size(); ++i) leaves.emplace_back(DType::f64, shapes[i], i);
  return leaves;
}

Vars on(Tape& tape, const std::vector<Leaf>& leaves) {
  Vars in;
  for (const Leaf& leaf : leaves) in.push_back(leaf.on(tape));
  return in;
}

// Returns the inputs of one sentence of the batch.
Vars of_sentence(const Layer& layer, const Vars& in, Index b) {
  Vars own = in;
  own[0] = gather_rows(in[0], Lengths{b});
  for (std::size_t i = layer.first_state(); i < in.size(); ++i) own[i] = gather_rows(in[i], Lengths{b});
  return own;
}

// The definition: one sentence and one step at a time.
Vars step_by_step(const Layer& layer, const Vars& in, const Lengths& lengths, Direction direction) {
  Tape& tape = in[0].tape();
  const Index T = in[0].shape()[1];
  const Index H = in[2].shape()[1];
  const Var gates = affine(in[0], in[1], in[3]);
  std::vector<Vars> outputs(1 + layer.states);
  for (Index b = 0; b < static_cast<Index>(lengths.size()); ++b) {
    const Index length = lengths[static_cast<std::size_t>(b)];
    const Var own = gather_rows(gates, Lengths{b});
    const Vars own_in = of_sentence(layer, in, b);
    Vars states(own_in.begin() + static_cast<std::ptrdiff_t>(layer.first_state()), own_in.end());
    Vars steps(static_cast<std::size_t>(T), tape.input(tape.zeros({1, 1, H})));
    for (Index step = 0; step < length; ++step) {
      const Index t = direction == Direction::forward ? step : length - 1 - step;
      states = layer.step(in, reshape(slice_time(own, t, 1), {1, layer.gates * H}), states);
      steps[static_cast<std::size_t>(t)] = reshape(states[0], {1, 1, H});
    }
    outputs[0].push_back(reshape(concat_time(steps), {1, 1, T * H}));
    for (std::size_t i = 0; i < layer.states; ++i) outputs[1 + i].push_back(reshape(states[i], {1, 1, H}));
  }
  const auto B = static_cast<Index>(lengths.size());
  Vars out = {reshape(concat_time(outputs[0]), {B, T, H})};
  for (std::size_t i = 0; i < layer.states; ++i) out.push_back(reshape(concat_time(outputs[1 + i]), {B, H}));
  return out;
}

}  // namespace

TEST_CASE("recurrent: gradcheck passes in both directions", "[gradcheck]") {
  for (const Layer& layer : layers()) {
    for (const Direction direction : kDirections) {
      const auto check = [&](const char* what, const std::vector<Shape>& shapes, const Lengths& lengths) {
        INFO(layer.name);
        CHECK(gradcheck(what, shapes,
                        [&](const Vars& in) { return beside(layer.run(in, lengths, direction, Var())); }) == "");
      };
      for (const Lengths& lengths : {Lengths{2, 4, 1}, Lengths{4, 4, 4}, Lengths{1, 1, 1}, Lengths{1, 2, 3}})
        check("a batch", layer.shapes(3, 4, 3, 2), lengths);
      check("one unit", layer.shapes(1, 1, 1, 1), Lengths{1});
      std::vector<Shape> from_zeros = layer.shapes(2, 3, 1, 3);
      from_zeros.resize(layer.first_state());
      check("from zeros", from_zeros, Lengths{3, 2});
    }
  }
}

TEST_CASE("recurrent: a mask of states scales the input of the recurrent product", "[gradcheck]") {
  const Lengths lengths{3, 1, 2};
  const std::initializer_list<double> masks = {0, 2, 1.5, 0, 3, 1};
  for (const Layer& layer : layers()) {
    INFO(layer.name);
    for (const Direction direction : kDirections) {
      const auto masked = [&](const Vars& in) {
        return beside(layer.run(in, lengths, direction, in[0].tape().input({3, 2}, masks)));
      };
      CHECK(gradcheck("with a mask", layer.shapes(3, 3, 2, 2), masked) == "");
      // A sentence alone uses W_h with its columns times the mask.
      Tape tape(DType::f64, Tape::Mode::evaluate);
      const std::vector<Leaf> leaves = leaves_of(layer.shapes(3, 3, 2, 2));
      const Vars in = on(tape, leaves);
      const Var together = masked(in);
      for (Index b = 0; b < 3; ++b) {
        Vars own = of_sentence(layer, in, b);
        const double* const mask = masks.begin() + 2 * b;
        own[2] = mul(in[2], tape.input({2}, {mask[0], mask[1]}));
        const Var alone = beside(layer.run(own, Lengths{lengths[static_cast<std::size_t>(b)]}, direction, Var()));
        CHECK(differs(gather_rows(together, Lengths{b}), values(alone)) == "");
      }
    }
    Tape tape(DType::f64);
    const std::vector<Leaf> leaves = leaves_of(layer.shapes(3, 3, 2, 2));
    const Var mask = tape.input(tape.zeros({2, 2}));
    CHECK(shape_error([&] { layer.run(on(tape, leaves), lengths, Direction::forward, mask); }) ==
          layer.name + ": h_mask [2, 2] must be [3, 2] for the batch and W_h's width");
  }
}

TEST_CASE("recurrent: the gradient of each single output is right", "[gradcheck]") {
  for (const Layer& layer : layers()) {
    INFO(layer.name);
    for (std::size_t output = 0; output <= layer.states; ++output) {
      CHECK(gradcheck("one output", layer.shapes(2, 3, 2, 2), [&](const Vars& in) {
              return layer.run(in, Lengths{3, 1}, Direction::forward, Var())[output];
            }) == "");
    }
  }
}

TEST_CASE("recurrent: inputs that are also used elsewhere receive both gradients", "[gradcheck]") {
  for (const Layer& layer : layers()) {
    INFO(layer.name);
    const auto first = [&](const Vars& in) { return layer.run(in, Lengths{2, 3}, Direction::forward, Var()); };
    CHECK(gradcheck("x used twice", layer.shapes(2, 3, 2, 2),
                    [&](const Vars& in) { return mul(first(in)[0], in[0]); }) == "");
    CHECK(gradcheck("states handed on", layer.shapes(2, 3, 2, 2), [&](const Vars& in) {
            const Vars out = first(in);
            Vars next = in;
            for (std::size_t i = 0; i < layer.states; ++i) next[layer.first_state() + i] = out[1 + i];
            return beside(layer.run(next, Lengths{3, 1}, Direction::backward, Var()));
          }) == "");
  }
}

TEST_CASE("recurrent: it equals one sentence and one step at a time in both directions") {
  const Lengths lengths{3, 5, 1, 5, 2};
  for (const Layer& layer : layers()) {
    INFO(layer.name);
    const std::vector<Leaf> leaves = leaves_of(layer.shapes(5, 5, 3, 4));
    for (const Direction direction : kDirections) {
      const auto measure = [&](bool whole) {
        Tape tape(DType::f64);
        const Vars in = on(tape, leaves);
        const Var y =
            beside(whole ? layer.run(in, lengths, direction, Var()) : step_by_step(layer, in, lengths, direction));
        tape.backward(sum(mul(y, y)));
        std::vector<double> result = values(y);
        for (const Leaf& leaf : leaves) {
          for (const double grad : values(leaf.grad())) result.push_back(grad);
        }
        return result;
      };
      std::vector<double> actual = measure(true);
      CHECK(differs(Tensor(actual.data(), DType::f64, {static_cast<Index>(actual.size())}), measure(false)) == "");
    }
  }
}

TEST_CASE("recurrent: padding is zero in h and NaN in padding affects nothing") {
  for (const Layer& layer : layers()) {
    INFO(layer.name);
    for (const Direction direction : kDirections) {
      const std::vector<Leaf> leaves = leaves_of(layer.shapes(2, 3, 2, 2));
      leaves[0].value().set(2, kNan);  // sentence 0, step 1
      leaves[0].value().set(5, kNan);
      Tape tape(DType::f64);
      const Vars out = layer.run(on(tape, leaves), Lengths{1, 3}, direction, Var());
      const std::vector<double> h = values(out[0]);
      CHECK(std::vector<double>(h.begin() + 2, h.begin() + 6) == std::vector<double>(4, 0));
      for (const Var& y : out) {
        for (const double v : values(y)) CHECK(std::isfinite(v));
      }
      const Var y = beside(out);
      const Tensor dy = tape.zeros(y.shape());
      for (Index i = 0; i < dy.size(); ++i) dy.set(i, 1);
      dy.set(2, kNan);  // the gradient of a padded position is not read either
      tape.backward(y, dy);
      for (const Leaf& leaf : leaves) {
        for (const double grad : values(leaf.grad())) CHECK(std::isfinite(grad));
      }
      const std::vector<double> dx = values(leaves[0].grad());
      CHECK(std::vector<double>(dx.begin() + 2, dx.begin() + 6) == std::vector<double>(4, 0));
    }
  }
}

TEST_CASE("recurrent: a sentence does not depend on its batch or its padding") {
  for (const Layer& layer : layers()) {
    INFO(layer.name);
    const std::vector<Leaf> leaves = leaves_of(layer.shapes(3, 4, 3, 2));
    for (const Direction direction : kDirections) {
      Tape tape(DType::f64);
      const Vars in = on(tape, leaves);
      const Vars batch = layer.run(in, Lengths{2, 4, 3}, direction, Var());
      Vars own = of_sentence(layer, in, 2);
      own[0] = slice_time(own[0], 0, 3);
      const Vars alone = layer.run(own, Lengths{3}, direction, Var());
      for (std::size_t i = 0; i < alone.size(); ++i) {
        const Var its = gather_rows(batch[i], Lengths{2});
        CHECK(differs(alone[i], values(i == 0 ? slice_time(its, 0, 3) : its), 1e-14) == "");
      }
    }
  }
}

TEST_CASE("recurrent: inputs of +-300 give finite values and NaN affects its sentence from its step on") {
  for (const Layer& layer : layers()) {
    for (const DType type : {DType::f32, DType::f64}) {
      INFO(layer.name);
      Tape tape(type);
      const auto gates = static_cast<std::size_t>(layer.gates);
      std::vector<double> signs(gates, 1);
      signs[1] = -1;
      const Leaf x({2, 2, 1}, {300, -300, 300, kNan}, type);
      std::vector<Leaf> leaves = {x, Leaf({layer.gates, 1}, signs, type),
                                  Leaf({layer.gates, 1}, std::vector<double>(gates, 0.5), type)};
      leaves.resize(layer.first_state(), Leaf({layer.gates}, std::vector<double>(gates, 0), type));
      const Vars in = on(tape, leaves);
      const Vars out = layer.run(in, Lengths{2, 2}, Direction::forward, Var());
      const std::vector<double> h = values(out[0]);
      for (std::size_t i = 0; i < 3; ++i) CHECK(std::isfinite(h[i]));
      CHECK(std::isnan(h[3]));
      for (std::size_t i = 1; i < out.size(); ++i) {
        CHECK(std::isfinite(values(out[i])[0]));
        CHECK(std::isnan(values(out[i])[1]));
      }
      tape.backward(sum(slice_time(gather_rows(out[0], Lengths{0}), 0, 2)));
      CHECK(std::isfinite(values(leaves[0].grad())[0]));
      CHECK(std::isfinite(values(leaves[0].grad())[1]));
    }
  }
}

TEST_CASE("recurrent: an empty batch is accepted") {
  for (const Layer& layer : layers()) {
    INFO(layer.name);
    Tape tape;
    Vars in;
    for (const Shape& shape : layer.shapes(0, 3, 2, 2)) in.push_back(tape.input(tape.tensor(shape)));
    in.resize(layer.first_state());
    const Vars out = layer.run(in, Lengths{}, Direction::forward, Var());
    CHECK(out[0].shape() == Shape{0, 3, 2});
    for (std::size_t i = 1; i < out.size(); ++i) CHECK(out[i].shape() == Shape{0, 2});
  }
}

}  // namespace regard
