#include "framework/models/readout.h"

#include <cmath>

#include "framework/autodiff/ops.h"
#include "tests/models/named_params.h"
#include "tests/support/catch.h"
#include "tests/support/gradcheck.h"
#include "tests/support/tensors.h"

namespace regard::testing {
namespace {

using models::Readout;
using models::ReadoutKind;

// A readout of a context of `context` units, a state and a word of one unit each.
struct Made : NamedParams {
  Readout readout;

  Made(ReadoutKind kind, Index context, Index width)
      : readout(kind, context, 1, 1, width, nn::Params(store, "d")) {}
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("readout: attentional joins context and state and has no bias") {
  const Made made(ReadoutKind::attentional, 1, 2);
  CHECK(made.names() == Names{"d/W_c/W [2, 2]"});
  CHECK(made.readout.width() == 2);
  made.set("d/W_c/W", {1, 2, 0.1, 0});
  Tape tape(DType::f64);
  const Var y = made.readout(tape.input({1, 2, 1}, {0.1, 0.2}), tape.input({1, 2, 1}, {0.3, 0.4}),
                             tape.input({1, 2, 1}, {9, 9}));
  CHECK(y.shape() == Shape{1, 2, 2});
  CHECK(differs(y, {std::tanh(0.7), std::tanh(0.01), std::tanh(1.0), std::tanh(0.02)}) == "");
}

TEST_CASE("readout: without a context it is the state itself unless it has another width") {
  const Made plain(ReadoutKind::attentional, 0, 1);
  CHECK(plain.names().empty());
  Tape tape(DType::f64);
  const Var h = tape.input({1, 1, 1}, {0.5}), y = tape.input({1, 1, 1}, {9});
  CHECK(plain.readout(Var(), h, y).value().raw() == h.value().raw());
  const Made wider(ReadoutKind::attentional, 0, 2);
  CHECK(wider.names() == Names{"d/W_c/W [2, 1]"});
  wider.set("d/W_c/W", {1, 2});
  CHECK(differs(wider.readout(Var(), h, y), {std::tanh(0.5), std::tanh(1.0)}) == "");
}

TEST_CASE("readout: tanh reads context and state and word and adds a bias") {
  const Made made(ReadoutKind::tanh, 2, 1);
  CHECK(made.names() == Names{"d/readout/W [1, 4]", "d/readout/b [1]"});
  made.set("d/readout/W", {1, 2, 3, 4});
  made.set("d/readout/b", {0.5});
  Tape tape(DType::f64);
  const Var h = tape.input({1, 1, 1}, {0.01}), y = tape.input({1, 1, 1}, {0.001});
  CHECK(differs(made.readout(tape.input({1, 1, 2}, {0.1, 0.2}), h, y), {std::tanh(0.5 + 0.5 + 0.03 + 0.004)}) ==
        "");
  const Made vanilla(ReadoutKind::tanh, 0, 1);
  CHECK(vanilla.names() == Names{"d/readout/W [1, 2]", "d/readout/b [1]"});
  vanilla.set("d/readout/W", {3, 4});
  CHECK(differs(vanilla.readout(Var(), h, y), {std::tanh(0.034)}) == "");
}

TEST_CASE("readout: maxout takes the larger of each pair of neighbours") {
  const Made made(ReadoutKind::maxout, 1, 2);
  CHECK(made.names() == Names{"d/readout/W [4, 3]", "d/readout/b [4]"});
  CHECK(made.readout.width() == 2);
  made.set("d/readout/W", {1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1});
  made.set("d/readout/b", {0, 0, 0, -10});
  Tape tape(DType::f64);
  const auto read = [&](double c, double h, double y) {
    return values(
        made.readout(tape.input({1, 1, 1}, {c}), tape.input({1, 1, 1}, {h}), tape.input({1, 1, 1}, {y})));
  };
  CHECK(read(1, 2, 3) == std::vector<double>{2, 3});
  CHECK(read(9, 2, 3) == std::vector<double>{9, 4});
}

TEST_CASE("readout: gradients go to context and state and word", "[gradcheck]") {
  for (const ReadoutKind kind : {ReadoutKind::tanh, ReadoutKind::maxout}) {
    const Made made(kind, 2, 3);
    CHECK(gradcheck("readout", {{2, 2, 2}, {2, 2, 1}, {2, 2, 1}},
                    [&](const Vars& in) { return made.readout(in[0], in[1], in[2]); }) == "");
  }
  const Made made(ReadoutKind::attentional, 2, 3);
  const Leaf word({2, 2, 1}, {1, 2, 3, 4});
  CHECK(gradcheck("readout", {{2, 2, 2}, {2, 2, 1}}, [&](const Vars& in) {
          return made.readout(in[0], in[1], in[0].tape().input(word.value()));
        }) == "");
}

}  // namespace regard::testing
