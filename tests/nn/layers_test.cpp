#include "framework/nn/layers.h"

#include <cmath>

#include "framework/autodiff/ops.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard {
namespace {

using testing::differs;
using testing::Leaf;
using testing::values;

std::vector<std::string> names_and_shapes(const nn::ParamStore& store) {
  std::vector<std::string> all;
  for (const nn::Param& param : store.all()) all.push_back(param.name() + " " + param.shape().text());
  return all;
}

}  // namespace

TEST_CASE("layers: the steps of a gru one by one equal its sequence") {
  nn::ParamStore store(DType::f64, 3);
  const nn::Gru layer(3, 2, nn::Params(store, "g"));
  CHECK(names_and_shapes(store) ==
        std::vector<std::string>{"g/W_x [6, 3]", "g/W_h [6, 2]", "g/b_x [6]", "g/b_h [6]"});
  CHECK(values(store.find("g/b_x")->value()) == std::vector<double>(6, 0));
  for (Index i = 0; i < 6; ++i) {  // so that the two biases differ
    store.find("g/b_x")->value().set(i, 0.1 * static_cast<double>(i));
    store.find("g/b_h")->value().set(i, -0.2 * static_cast<double>(i));
  }
  const Leaf x(DType::f64, {2, 3, 3}, 1);
  const Leaf h_0(DType::f64, {2, 2}, 2);
  Tape tape(DType::f64);
  const std::vector<Index> lengths{3, 3};
  const Var input = x.on(tape);
  const auto [h, h_n] = layer(input, lengths, h_0.on(tape));
  const Var gates = layer.gates(input);
  Var state = h_0.on(tape);
  std::vector<Var> steps;
  for (Index t = 0; t < 3; ++t) {
    state = layer.step(reshape(slice_time(gates, t, 1), {2, 6}), state);
    steps.push_back(reshape(state, {2, 1, 2}));
  }
  CHECK(differs(concat_time(steps), values(h), 1e-14) == "");
  CHECK(differs(state, values(h_n), 1e-14) == "");
}

TEST_CASE("layers: layer normalisation starts with gain 1 and bias 0") {
  nn::ParamStore store(DType::f64, 3);
  const nn::LayerNorm layer(4, nn::Params(store, "n"));
  CHECK(names_and_shapes(store) == std::vector<std::string>{"n/gain [4]", "n/b [4]"});
  Tape tape(DType::f64);
  const double one = 1 / std::sqrt(1 + 1e-5);
  CHECK(differs(layer(tape.input({1, 4}, {1, 3, 3, 1})), {-one, one, one, -one}) == "");
}

}  // namespace regard
