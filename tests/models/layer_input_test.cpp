#include "framework/models/layer_input.h"

#include <cmath>

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using models::LayerInput;

const std::vector<Index> kSentences{3, 8};

// What layer `layer` reads of ones [2, 3, 40].
std::vector<double> read(const models::ModelOptions& options, std::string_view side, Index layer,
                         bool training = true, Index first_step = 0) {
  nn::ParamStore store(DType::f64, 1);
  const LayerInput input(options, side, layer, 40, nn::Params(store));
  Tape tape(DType::f64);
  const Tensor ones = tape.tensor({2, 3, 40});
  nn::ones({}, ones);
  return values(input.read({tape, training, Key(1, "dropout"), kSentences}, tape.input(ones), first_step));
}

models::ModelOptions dropping() {
  models::ModelOptions options;
  options.dropout.layers = 0.5;
  return options;
}

}  // namespace

TEST_CASE("layer_input: nothing happens to an input unless the plan says so") {
  nn::ParamStore store(DType::f64, 1);
  const LayerInput input({}, "encoder", 1, 2, nn::Params(store));
  CHECK(store.all().empty());
  Tape tape(DType::f64);
  const Var x = tape.input({1, 1, 2}, {1, 2}), h = tape.input({1, 1, 2}, {10, 20});
  CHECK(input.read({tape}, x).value().raw() == x.value().raw());
  CHECK(input.join(x, h).value().raw() == h.value().raw());
}

TEST_CASE("layer_input: residual connections begin with the second layer") {
  models::ModelOptions options;
  options.residual = true;
  Tape tape(DType::f64);
  const Var x = tape.input({1, 1, 2}, {1, 2}), h = tape.input({1, 1, 2}, {10, 20});
  nn::ParamStore store(DType::f64, 1);
  CHECK(differs(LayerInput(options, "decoder", 0, 2, nn::Params(store)).join(x, h), {10, 20}) == "");
  CHECK(differs(LayerInput(options, "decoder", 1, 2, nn::Params(store)).join(x, h), {11, 22}) == "");
  CHECK(differs(LayerInput(options, "decoder", 7, 2, nn::Params(store)).join(x, h), {11, 22}) == "");
}

TEST_CASE("layer_input: layers above the lowest drop units in training, each side and layer its own") {
  const auto layer_1 = read(dropping(), "encoder", 1);
  Index dropped = 0;
  for (const double x : layer_1) {
    CHECK((x == 0 || x == 2));
    dropped += x == 0 ? 1 : 0;
  }
  CHECK(dropped > 80);
  CHECK(dropped < 160);
  CHECK(read(dropping(), "encoder", 1) == layer_1);
  CHECK(read(dropping(), "encoder", 2) != layer_1);
  CHECK(read(dropping(), "decoder", 1) != layer_1);
  const std::vector<double> ones(240, 1);
  CHECK(read(dropping(), "encoder", 0) == ones);
  CHECK(read(dropping(), "encoder", 1, false) == ones);
}

TEST_CASE("layer_input: a step has the mask of its number") {
  const auto first = read(dropping(), "encoder", 1), later = read(dropping(), "encoder", 1, true, 1);
  for (std::size_t i = 0; i < 80; ++i) CHECK(later[i] == first[40 + i]);
}

TEST_CASE("layer_input: dropout comes before normalisation") {
  models::ModelOptions options = dropping();
  options.layer_norm = true;
  nn::ParamStore store(DType::f64, 1);
  const LayerInput input(options, "encoder", 1, 4, nn::Params(store, "l"));
  REQUIRE(store.all().size() == 2);
  CHECK(store.all().front().name() == "l/norm/gain");
  Tape tape(DType::f64);
  const double one = 1 / std::sqrt(1 + 1e-5);
  CHECK(differs(input.read({tape}, tape.input({1, 1, 4}, {1, 3, 3, 1})), {-one, one, one, -one}) == "");
  // Whatever is dropped of a row, the sum of what is read is 0; dropout behind it would leave another sum.
  const Var x =
      input.read({tape, true, Key(1, "dropout"), kSentences}, tape.input({2, 1, 4}, {1, 2, 3, 4, 5, 6, 7, 8}));
  for (const std::size_t row : {0U, 1U}) {
    double sum = 0;
    for (std::size_t i = 0; i < 4; ++i) sum += values(x)[4 * row + i];
    CHECK(std::abs(sum) < 1e-9);
  }
}

}  // namespace regard::testing
